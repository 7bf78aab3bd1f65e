import { askVersion } from "../on-path";
import { chmodSync } from "node:fs";
import type { ToolSpec } from "../spec";
import { fits } from "../versions";

/**
 * Starts a program that is about to be installed and returns its version. Throws where it does not start (built for
 * another system) or is another version than the manifest's.
 * One that cannot say its version is taken to be `stated`.
 */
export function confirm(spec: ToolSpec, file: string, stated = spec.version): string {
  chmodSync(file, 0o755);
  if (spec.versionArgs.length === 0) return stated;
  const version = askVersion(spec, file);
  if (version === undefined) throw new Error(`${spec.name} does not start here or does not say its version`);
  if (!fits(version, spec.accepts)) {
    throw new Error(`${spec.name} says it is ${version}, which does not fit ${spec.accepts}`);
  }
  return version;
}
