import { readFileSync } from "node:fs";
import { join } from "node:path";
import { clusterDir } from "../home";
import { deleteCommand } from "./commands";
import type { EmbeddedCluster } from "./types";

const REQUIRED = [
  "name",
  "kubernetesVersion",
  "server",
  "kubeconfig",
  "dataPlane",
  "podCidr",
  "serviceCidr",
] as const;

/**
 * The state of a cluster that was made on this machine, running or not; undefined where there is none.
 * Cheap: Pulumi programs call it. Throws where the file cannot be understood, naming it.
 */
export function readCluster(name: string): EmbeddedCluster | undefined {
  const file = join(clusterDir(name), "cluster.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`cannot read the state of cluster ${name}: ${(error as Error).message}`);
  }
  return parse(name, file, text);
}

function parse(name: string, file: string, text: string): EmbeddedCluster {
  const way = `Restore the file, or remove the cluster and its data: ${deleteCommand(name)}`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON (${(error as Error).message}). ${way}`);
  }
  const record = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const missing: string[] = REQUIRED.filter((key) => typeof record[key] !== "string");
  for (const key of ["network", "ports"]) {
    if (typeof record[key] !== "object" || record[key] === null) missing.push(key);
  }
  if (missing.length > 0) throw new Error(`${file} lacks ${missing.join(", ")}. ${way}`);
  return record as unknown as EmbeddedCluster;
}
