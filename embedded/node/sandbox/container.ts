import { spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, noteSelf, signal } from "../processes";
import { systemEnv } from "../run";
import { containerScript, quote, type ContainerSpec } from "./root-script";
import type { RunFiles } from "./types";

/**
 * One run of a container, as its folder tells it: `shim` and `pid` hold "pid start-ticks" of the keeper and of the
 * container's first process, `exit` the exit code once it ended. Whoever reads the folder knows all there is to know,
 * an agent that was started after the container included.
 */
export type ContainerRun =
  | { readonly state: "starting" }
  | { readonly state: "running"; readonly pid: number; readonly startedAt: Date }
  | { readonly state: "ended"; readonly code: number; readonly startedAt: Date; readonly endedAt: Date };

/** A keeper that has not said so by then was never started: its starter was killed first. */
const START_LIMIT_MS = 15_000;

/** What a process wrote of itself; undefined where it has not yet, or is just writing. */
function readProcess(
  file: string,
): { readonly pid: number; readonly ticks: string; readonly at: Date } | undefined {
  try {
    const [, pid, ticks] = /^(\d+) (\S+)\n$/.exec(readFileSync(file, "utf8")) ?? [];
    return pid === undefined || ticks === undefined
      ? undefined
      : { pid: Number(pid), ticks, at: statSync(file).mtime };
  } catch {
    return undefined;
  }
}

/** What has become of the run in `folder`; undefined where none was started there. */
export function observe(folder: string): ContainerRun | undefined {
  const begun = existsSync(join(folder, "begun")) ? statSync(join(folder, "begun")).mtime : undefined;
  if (begun === undefined) return undefined;
  const first = readProcess(join(folder, "pid"));
  const startedAt = first?.at ?? begun;
  const exit = join(folder, "exit");
  if (existsSync(exit)) {
    return {
      state: "ended",
      code: Number(readFileSync(exit, "utf8")),
      startedAt,
      endedAt: statSync(exit).mtime,
    };
  }
  const shim = readProcess(join(folder, "shim"));
  if (shim !== undefined && isAlive(shim.pid, shim.ticks)) {
    if (first === undefined) return { state: "starting" };
    return { state: "running", pid: first.pid, startedAt };
  }
  if (shim === undefined && Date.now() - begun.getTime() < START_LIMIT_MS) return { state: "starting" };
  // The keeper is gone without a word (killed, or the machine went down): how the container ended is unknown.
  if (existsSync(exit)) return observe(folder);
  if (first !== undefined && isAlive(first.pid, first.ticks)) signal(first.pid, "SIGKILL");
  writeFileSync(exit, "137");
  return { state: "ended", code: 137, startedAt, endedAt: new Date() };
}

/**
 * Starts a container in network namespace `netns`, in a session of its own so that it outlives its starter; output
 * goes to `log`. `onExit` is called if it ends while the caller lives.
 */
export function startContainer(
  files: RunFiles & { readonly netns: string },
  spec: ContainerSpec,
  onExit: () => void,
): void {
  const script = join(files.folder, "run.sh");
  mkdirSync(join(files.folder, "root"), { recursive: true, mode: 0o700 });
  writeFileSync(script, containerScript(files.folder, spec), { mode: 0o600 });
  const unshare = "unshare --mount --pid --uts --ipc --fork --kill-child";
  keep(files, `nsenter --net=${quote(`/run/netns/${files.netns}`)} ${unshare} sh ${quote(script)}`, onExit);
}

/** Runs a shell command in a session of its own under a keeper, which notes in the folder that it lives, and how it ended. */
export function keep({ folder, log }: RunFiles, command: string, onExit: () => void): void {
  const file = (name: string): string => quote(join(folder, name));
  writeFileSync(join(folder, "begun"), "");
  const keeper = [
    noteSelf(file("shim")),
    // Output goes through a pipe, as a program may open it again by name, and must not get hold of the log file so.
    `{ ${command}; echo $? > ${file("exit.new")}; mv ${file("exit.new")} ${file("exit")}; } 2>&1 | cat`,
  ].join("\n");
  const out = openSync(log, "a", 0o600);
  const child = spawn("sh", ["-c", keeper], {
    cwd: "/",
    detached: true,
    env: systemEnv(),
    stdio: ["ignore", out, out],
  });
  closeSync(out);
  child.on("error", onExit);
  child.on("exit", onExit);
  child.unref();
}

/** Signals the container's first process. */
export function signalContainer(folder: string, name: NodeJS.Signals): void {
  const first = readProcess(join(folder, "pid"));
  if (first !== undefined && isAlive(first.pid, first.ticks)) signal(first.pid, name);
}

/** Kills the container at once: its first process takes all others with it. Resolves when it has ended. */
export async function killContainer(folder: string): Promise<void> {
  for (;;) {
    const run = observe(folder);
    if (run === undefined || run.state === "ended") return;
    signalContainer(folder, "SIGKILL");
    await sleep(20);
  }
}

/** The folders of all runs of a pod's containers. */
export function runFolders(pod: string): string[] {
  const below = (folder: string): string[] =>
    existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  return below(join(pod, "containers")).flatMap(below);
}
