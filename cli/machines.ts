import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { clusterMachine } from "../providers/registry";
import type { ClusterMachine } from "../providers/types";

interface StackFile {
  readonly config?: {
    readonly "meshwright:cluster"?: unknown;
    readonly "meshwright:clusters"?: { readonly [name: string]: unknown };
  };
}

/** The clusters of a stack file that run on this machine. A file that does not parse has none: `loadConfig` tells why. */
export function stackMachines(file: string): readonly ClusterMachine[] {
  let stack: StackFile | null;
  try {
    stack = parse(readFileSync(file, "utf8"), { maxAliasCount: 100 }) as StackFile | null;
  } catch {
    return [];
  }
  const config = stack?.config ?? {};
  const sections = [config["meshwright:cluster"], ...Object.values(config["meshwright:clusters"] ?? {})];
  return sections
    .map((section) => clusterMachine(section))
    .filter((machine): machine is ClusterMachine => machine !== undefined);
}
