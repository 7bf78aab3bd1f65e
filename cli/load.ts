import { loadConfig, type DeploymentConfig } from "../config";
import { ensureTools, groups } from "../embedded/tools";
import { formatDiagnostics } from "../lib";
import { exitCode, UserError } from "./exit";
import { stackMachines } from "./machines";
import type { Output } from "./output";

const NOT_RUNNING = "cluster-not-running";

/** Loads a stack's config as it stands, starting nothing. Throws a `UserError` with every fault in it. */
export function readStack(file: string, output: Output): DeploymentConfig {
  const loaded = loadConfig(file);
  if (!loaded.ok) throw faults(loaded.diagnostics.filter((d) => d.severity === "error"));
  for (const warning of loaded.warnings) output.progress(formatDiagnostics([warning]));
  return loaded.value;
}

/**
 * Loads a stack's config. Where nothing is wrong with it but that a cluster of this machine is not running, starts that
 * cluster first, with every tool that an `up` needs. Throws a `UserError` with every fault otherwise, having changed nothing.
 */
export async function loadStack(file: string, output: Output): Promise<DeploymentConfig> {
  const first = loadConfig(file);
  const errors = first.ok ? [] : first.diagnostics.filter((d) => d.severity === "error");
  if (errors.some((d) => d.code !== NOT_RUNNING)) {
    throw faults(errors.filter((d) => d.code !== NOT_RUNNING));
  }
  const machines = stackMachines(file);
  const wanted = [...groups.engine, ...groups.verify, ...machines.flatMap((machine) => machine.tools)];
  await ensureTools([...new Set(wanted)], output.progress);
  // Also where it runs: starting repairs what has died since.
  for (const machine of machines) await machine.start(output.progress);
  return readStack(file, output);
}

export function faults(errors: Parameters<typeof formatDiagnostics>[0]): UserError {
  const count = errors.length === 1 ? "1 fault" : `${errors.length} faults`;
  return new UserError(
    `${count} in the configuration; nothing was changed\n${formatDiagnostics(errors)}`,
    "mend them, then run the same command again",
    exitCode.badInput,
  );
}
