import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { clusterDir } from "../home";
import { deleteCommand } from "./commands";
import type { EmbeddedCluster } from "./types";

/** A cluster of containers that the `kind` CLI made: everything in it really runs. */
export type KindCluster = Omit<EmbeddedCluster, "dataPlane" | "network" | "ports" | "webhookOrigin"> & {
  readonly backend: "kind";
};

export function kindFile(name: string): string {
  return join(clusterDir(name), "kind.json");
}

/** Its name with kind and Docker. */
export function kindName(name: string): string {
  return `meshwright-${name}`;
}

export function nodeOf(name: string): string {
  return `${kindName(name)}-control-plane`;
}

/** The kind cluster that was made on this machine by this name, running or not. Cheap: Pulumi programs call it. */
export function readKindCluster(name: string): KindCluster | undefined {
  const file = kindFile(name);
  try {
    return JSON.parse(readFileSync(file, "utf8")) as KindCluster;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(
      `cannot read ${file} (${(error as Error).message}). Restore it, or remove the cluster: ${deleteCommand(name)}`,
    );
  }
}

export function kindRuns(name: string): boolean {
  const asked = spawnSync("docker", ["inspect", "--format", "{{.State.Running}}", nodeOf(name)], {
    env: process.env,
    encoding: "utf8",
    timeout: 5000,
  });
  return asked.status === 0 && asked.stdout.trim() === "true";
}
