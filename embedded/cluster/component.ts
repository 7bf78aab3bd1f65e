import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from "node:fs";
import { join } from "node:path";
import { readText, writePrivate } from "./files";
import { logFile, type ClusterPaths } from "./paths";
import { end, identify, isAlive, processesWith, type ProcessId } from "./process";
import type { ComponentName } from "./types";

/** How one component of the control plane is run. */
export interface ComponentSpec {
  readonly name: ComponentName;
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Files that it reads only when it starts: a change in one of them means that it must start again. */
  readonly inputs: readonly string[];
}

/** A component that was started: kept in `run/<name>.json`. */
interface ProcessRecord extends ProcessId {
  /** Digest of the spec and its inputs. */
  readonly digest: string;
}

const MARK = "MESHWRIGHT_COMPONENT";
const LOG_LIMIT = 20 * 1024 * 1024;
// Nothing else of the caller's environment: a proxy setting for instance would lead the API server's webhook calls away.
const INHERITED = ["PATH", "HOME", "TMPDIR", "LANG", "MESHWRIGHT_CACHE", "XDG_CACHE_HOME"];

/** The process of a component, while it is alive. */
export function running(paths: ClusterPaths, name: ComponentName): ProcessRecord | undefined {
  const text = readText(recordFile(paths, name));
  if (text === undefined) return undefined;
  try {
    const record = JSON.parse(text) as ProcessRecord;
    return isAlive(record) ? record : undefined;
  } catch {
    return undefined; // cut off while it was written: the process is found by its mark
  }
}

/** Whether it runs, and the way that `spec` says. */
export function runsAs(paths: ClusterPaths, spec: ComponentSpec): boolean {
  return running(paths, spec.name)?.digest === digest(spec);
}

/** Starts a component in a session of its own, so that it outlives its starter. Ends an earlier process of it. */
export async function launch(paths: ClusterPaths, spec: ComponentSpec): Promise<ProcessId> {
  await halt(paths, spec.name);
  mkdirSync(paths.logs, { recursive: true, mode: 0o700 });
  const log = logFile(paths, spec.name);
  if (logSize(paths, spec.name) > LOG_LIMIT) truncateSync(log);
  const out = openSync(log, "a", 0o600);
  const child = spawn(spec.file, spec.args, {
    cwd: paths.root,
    detached: true,
    stdio: ["ignore", out, out],
    env: environment(paths, spec),
  });
  closeSync(out);
  const failure = new Promise<Error>((resolve) => child.once("error", resolve));
  child.unref();
  const id = child.pid === undefined ? undefined : identify(child.pid);
  if (!id) {
    if (child.pid === undefined) throw new Error(`cannot run ${spec.file}: ${(await failure).message}`);
    return { pid: child.pid, started: "ended at once" };
  }
  writePrivate(recordFile(paths, spec.name), JSON.stringify({ ...id, digest: digest(spec) }));
  return id;
}

/** Ends a component's process and forgets it. Finds it by its mark too, where its record was lost. */
export async function halt(paths: ClusterPaths, name: ComponentName): Promise<void> {
  const recorded = running(paths, name);
  const marked = recorded ? [] : leaders(processesWith(MARK, mark(paths, name)));
  await Promise.all([...(recorded ? [recorded] : []), ...marked].map((id) => end(id, grace(name))));
  rmSync(recordFile(paths, name), { force: true });
}

/** Ends what is left of a cluster's processes, children of components included. */
export async function sweep(paths: ClusterPaths, names: readonly ComponentName[]): Promise<void> {
  const left = names.flatMap((name) => processesWith(MARK, mark(paths, name)));
  await Promise.all(left.map((id) => end(id, 2000)));
}

/** What a component said, after the first `from` bytes of its log: from where it panicked, else its last lines. */
export function lastWords(paths: ClusterPaths, name: ComponentName, from: number): string {
  const bytes = existsSync(logFile(paths, name)) ? readFileSync(logFile(paths, name)) : Buffer.alloc(0);
  const lines = bytes.subarray(from).toString("utf8").trimEnd().split("\n");
  const panic = lines.findIndex((line) => /^panic:|"level":"(panic|fatal)"/.test(line));
  const told = panic < 0 ? lines.slice(-12) : lines.slice(panic, panic + 3);
  return told.map((line) => `  ${line.slice(0, 600)}`).join("\n");
}

export function logSize(paths: ClusterPaths, name: ComponentName): number {
  const log = logFile(paths, name);
  return existsSync(log) ? statSync(log).size : 0;
}

export function recordedComponents(paths: ClusterPaths): ComponentName[] {
  if (!existsSync(paths.run)) return [];
  return readdirSync(paths.run)
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length) as ComponentName);
}

/** Those of a component's processes that are not children of others: each leads its own session. */
function leaders(ids: readonly ProcessId[]): ProcessId[] {
  return ids.filter(({ pid }) => {
    const stat = readText(`/proc/${pid}/stat`) ?? "";
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[3]) === pid;
  });
}

/** etcd must write its state to disk; the agent its pods' end. The API server has nothing to lose. */
function grace(name: ComponentName): number {
  return name === "etcd" || name === "node-agent" ? 10000 : 3000;
}

function environment(paths: ClusterPaths, spec: ComponentSpec): NodeJS.ProcessEnv {
  const inherited = INHERITED.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(inherited), ...spec.env, [MARK]: mark(paths, spec.name) };
}

function mark(paths: ClusterPaths, name: ComponentName): string {
  return `${paths.root}/${name}`;
}

function recordFile(paths: ClusterPaths, name: ComponentName): string {
  return join(paths.run, `${name}.json`);
}

function digest(spec: ComponentSpec): string {
  const hash = createHash("sha256").update(JSON.stringify([spec.file, spec.args, spec.env]));
  for (const file of spec.inputs) hash.update(`\0${file}\0`).update(readFileSync(file));
  return hash.digest("hex");
}
