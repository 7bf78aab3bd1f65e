import type { DeploymentConfig } from "../config";
import { openEngine, type Engine } from "./engine";
import { settlePendingCreates } from "./engine-pending";
import { exitCode, UserError } from "./exit";
import { loadStack } from "./load";
import type { Output } from "./output";
import { preflight } from "./preflight";
import { stackFile, type Project } from "./project";
import { prove } from "./proof";
import { standing, type Standing } from "./standing";
import { summarize, type Summary } from "./summary";

export interface UpOptions {
  readonly stack: string;
  /** Reads every object back first, so that changes made by hand are found and undone. Default: false. */
  readonly refresh?: true;
}

// Operations are requests and waits, not work for this machine's cores, by which the engine would limit them.
const PARALLEL = "--parallel=64";

async function deploy(engine: Engine, options: UpOptions, output: Output): Promise<void> {
  if (engine.interrupted()) {
    const open = await settlePendingCreates((args) => engine.capture(args));
    if (open.length > 0) output.progress(`Taken up from an update that was cut off: ${open.join(", ")}`);
  }
  const refresh = options.refresh === true ? ["--refresh"] : [];
  const code = await engine.run([
    "up",
    "--yes",
    "--skip-preview",
    "--suppress-outputs",
    PARALLEL,
    ...refresh,
  ]);
  if (code === exitCode.ok) return;
  throw new UserError(
    `the engine could not bring stack ${engine.stack} up (its messages are above); what it did is in the state`,
    "mend what it says, then run the same command again: it continues from there",
    exitCode.failed,
  );
}

export async function standingOf(config: DeploymentConfig): Promise<readonly Standing[]> {
  const all = await Promise.all(
    Object.entries(config.clusters).map(([name, cluster]) => standing(name, cluster)),
  );
  return all.filter((one): one is Standing => one !== undefined);
}

/** Brings a stack up and proves it. The summary's `ok` says whether the proof holds. */
export async function up(project: Project, options: UpOptions, output: Output): Promise<Summary> {
  const { stack } = options;
  const config = await loadStack(stackFile(project, stack), output);
  const engine = await openEngine(project, stack, output);
  if (engine.kubernetesProvider === "offline stand-in") {
    output.progress("Pulumi's own Kubernetes plugin is not installed here: Meshwright's stands in for it");
  }
  await preflight(config, engine, output);
  await deploy(engine, options, output);
  const proofs = await prove(config, output);
  return summarize({ config, engine, proofs, clusters: await standingOf(config) });
}
