import { spawn, type ChildProcess } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findTool } from "../../../embedded/tools";
import type { ToolName } from "../../../embedded/tools/types";

export interface Started {
  readonly name: string;
  readonly child: ChildProcess;
  readonly log: string;
}

/** Where a program lies; throws where it is missing, and says how to get it. */
export function toolPath(name: ToolName): string {
  const tool = findTool(name);
  if (tool === undefined) throw new Error(`${name} is missing: npx meshwright doctor --install`);
  return tool.path;
}

/** Starts a program whose output goes to `<folder>/<name>.log`. It ends with the laboratory, by the kernel's hand. */
export function start(
  name: string,
  argv: readonly string[],
  where: { readonly folder: string; readonly env?: NodeJS.ProcessEnv; readonly cwd?: string },
): Started {
  const log = join(where.folder, `${name}.log`);
  const out = openSync(log, "a");
  const [file = "", ...args] = argv;
  const child = spawn(file, args, {
    stdio: ["ignore", out, out],
    cwd: where.cwd ?? where.folder,
    env: { ...process.env, ...where.env },
  });
  return { name, child, log };
}

/** Waits until `ready` says so; throws with the program's last words when it ends or takes longer than a minute. */
export async function untilReady(started: Started, ready: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await ready().catch(() => false))) {
    if (started.child.exitCode !== null || Date.now() > deadline) {
      const words = readFileSync(started.log, "utf8").slice(-2000);
      throw new Error(`${started.name} did not become ready: ${words}`);
    }
    await sleep(50);
  }
}

export interface Got {
  readonly status: number;
  readonly body: string;
}

export function httpGet(url: string): Promise<Got> {
  return new Promise((resolve, reject) => {
    const request = get(url, { timeout: 5000 }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    request.on("timeout", () => request.destroy(new Error(`${url} did not answer`)));
    request.on("error", reject);
  });
}
