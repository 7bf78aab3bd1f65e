import { existsSync } from "node:fs";
import { findTool } from "../../../embedded/tools";

/** Consul's program: the one that MESHWRIGHT_CONSUL names, on PATH, or that `npm run prove` has built. */
export function consulProgram(): string | undefined {
  const named = process.env["MESHWRIGHT_CONSUL"];
  return named !== undefined && existsSync(named) ? named : findTool("consul")?.path;
}

export const NO_CONSUL = "no Consul agent: `npm run prove` builds one, or MESHWRIGHT_CONSUL names one";
