import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheDir, stateDir } from "../embedded/home";
import { openEngine } from "./engine";
import { engineHome, stateFile, type EngineHome } from "./engine-home";
import { exitCode, UserError } from "./exit";
import { stackMachines } from "./machines";
import type { Output } from "./output";
import { shadowProject, stackFile, type Project } from "./project";

export interface Removed {
  readonly stack: string;
  readonly resources: "destroyed" | "none";
  readonly clusters: number;
  /** What stays on purpose. */
  readonly kept: readonly string[];
}

async function destroy(project: Project, stack: string, output: Output): Promise<void> {
  const engine = await openEngine(project, stack, output);
  const code = await engine.run(["destroy", "--yes", "--skip-preview", "--suppress-permalink=true"]);
  if (code !== 0) {
    throw new UserError(
      `the engine could not destroy stack ${stack} (its message is above); its state is kept`,
      "mend what it says, then run the same command again",
      exitCode.failed,
    );
  }
  await engine.capture(["stack", "rm", "--yes", "--preserve-config"]);
}

/** Forgets the salt, which belongs to the stack that is gone. */
function dropShadow(home: EngineHome, project: Project, stack: string): void {
  const shadow = shadowProject(home, project, stack);
  rmSync(shadow.configFile, { force: true });
  if (readdirSync(shadow.folder).every((name) => name === "Pulumi.yaml")) {
    rmSync(shadow.folder, { recursive: true, force: true });
  }
}

function stacksLeft(home: EngineHome): boolean {
  const folder = join(home.folder, "backend", ".pulumi", "stacks");
  if (!existsSync(folder)) return false;
  return readdirSync(folder, { recursive: true }).some((name) => String(name).endsWith(".json"));
}

/** Once the last stack and cluster are gone, so is the folder of state. */
function sweep(home: EngineHome): void {
  if (home.ownsBackend && !stacksLeft(home)) rmSync(home.folder, { recursive: true, force: true });
  for (const folder of [join(stateDir(), "clusters"), stateDir()]) {
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  }
}

/** Destroys the stack, then removes its clusters of this machine and, with the last stack, all state. */
export async function down(project: Project, stack: string, output: Output): Promise<Removed> {
  const file = stackFile(project, stack);
  const home = engineHome();
  const machines = stackMachines(file);
  const deployed = !home.ownsBackend || stateFile(home, project.name, stack) !== undefined;
  if (deployed) {
    // Destroying needs the cluster: one that was stopped is started again.
    for (const machine of machines) await machine.start(output.progress);
    await destroy(project, stack, output);
  }
  for (const machine of machines) await machine.remove(output.progress);
  if (home.ownsBackend) dropShadow(home, project, stack);
  sweep(home);
  return {
    stack,
    resources: deployed ? "destroyed" : "none",
    clusters: machines.length,
    kept: existsSync(cacheDir()) ? [`the tool cache, ${cacheDir()} (safe to delete)`] : [],
  };
}

export function describeRemoved(removed: Removed): string {
  const what = removed.resources === "destroyed" ? "its resources are destroyed" : "it had no resources";
  const clusters = removed.clusters === 0 ? "" : "; its cluster on this machine is removed";
  return [`Stack ${removed.stack}: ${what}${clusters}.`, ...removed.kept.map((kept) => `Kept: ${kept}`)].join(
    "\n",
  );
}
