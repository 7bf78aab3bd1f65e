import { connect } from "node:net";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient } from "./api";
import { deleteCommand } from "./commands";
import { ETCD_SOCKET } from "./components";
import { lastWords, running } from "./component";
import { logFile, type ClusterPaths } from "./paths";
import { isAlive, type ProcessId } from "./process";
import type { ComponentName, Progress } from "./types";

/** A component that did not come up. */
export class StartFailure extends Error {
  constructor(
    readonly component: ComponentName,
    readonly portTaken: boolean,
    message: string,
  ) {
    super(message);
  }
}

export interface Started {
  readonly name: ComponentName;
  readonly id: ProcessId;
  /** Size of its log before it started: what comes after is from this process. */
  readonly logStart: number;
}

export interface Waiting {
  readonly paths: ClusterPaths;
  readonly started: readonly Started[];
  readonly progress: Progress;
}

const LIMIT_MS = 120_000;
const TELL_EVERY_MS = 5000;

/** Waits until `met` while all that was started lives: throws where one ends, or two minutes pass. */
export async function waitFor(what: string, waiting: Waiting, met: () => Promise<boolean>): Promise<void> {
  const begun = Date.now();
  let tellAt = begun + TELL_EVERY_MS;
  for (;;) {
    const done = await met().catch(() => false);
    for (const one of waiting.started) {
      if (!isAlive(one.id)) throw failure(waiting.paths, one, "ended");
    }
    if (done) return;
    const now = Date.now();
    if (now > begun + LIMIT_MS) throw tooLong(what, waiting);
    if (now > tellAt) {
      waiting.progress(`still waiting for ${what} (${Math.round((now - begun) / 1000)} s)`);
      tellAt += TELL_EVERY_MS;
    }
    await sleep(25);
  }
}

function failure(paths: ClusterPaths, { name, logStart }: Started, how: string): StartFailure {
  const words = lastWords(paths, name, logStart);
  const portTaken = /address already in use/i.test(words);
  return new StartFailure(
    name,
    portTaken,
    `${name} ${how}. What it said last (${logFile(paths, name)}):\n${words}\nStart again; if that fails the same ` +
      `way, delete the cluster and its data: ${deleteCommand(basename(paths.root))}`,
  );
}

function tooLong(what: string, { paths, started }: Waiting): Error {
  const last = started.at(-1);
  if (!last)
    return new Error(`${what}: not within ${LIMIT_MS / 1000} s. Stop the cluster, then start it again`);
  return failure(paths, last, `did not get to: ${what}, within ${LIMIT_MS / 1000} s`);
}

/** Whether etcd takes connections. The way through /proc is short enough for a socket address, however deep the folder. */
export async function etcdListens(paths: ClusterPaths): Promise<boolean> {
  const pid = running(paths, "etcd")?.pid;
  const dir = process.platform === "linux" && pid !== undefined ? `/proc/${pid}/cwd` : paths.root;
  const path = join(dir, ETCD_SOCKET);
  if (path.length > 100) return true; // cannot be asked: the API server tries until it answers
  return new Promise((resolve) => {
    const socket = connect({ path }, () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.unref().once("connect", () => socket.destroy());
  });
}

/** Whether a component may already do its work: its role is there and in force. */
export async function mayRead(client: ApiClient, path: string): Promise<boolean> {
  return (await client({ method: "GET", path: `${path}?limit=1` })).status === 200;
}

/** Whether the agent, if it was started, has said that its node is there: its Node says so from before a stop, too. */
export function agentReady({ paths, started }: Waiting): Promise<boolean> {
  const agent = started.find((one) => one.name === "node-agent");
  return Promise.resolve(!agent || /^ *ready$/m.test(lastWords(paths, "node-agent", agent.logStart)));
}

export async function apiServerReady(client: ApiClient): Promise<boolean> {
  return (await client({ method: "GET", path: "/readyz" })).status === 200;
}

/** Whether pods can be made: the service account that they run as by default is there. */
export async function podsAdmitted(client: ApiClient): Promise<boolean> {
  return (
    (await client({ method: "GET", path: "/api/v1/namespaces/default/serviceaccounts/default" })).status ===
    200
  );
}

export async function nodeReady(client: ApiClient, name: string): Promise<boolean> {
  const answer = await client({ method: "GET", path: `/api/v1/nodes/${name}` });
  if (answer.status !== 200) return false;
  const node = JSON.parse(answer.body) as {
    spec?: { taints?: { key: string }[] };
    status?: { conditions?: { type: string; status: string }[] };
  };
  const ready = node.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") ?? false;
  return ready && !node.spec?.taints?.some((t) => t.key.startsWith("node.kubernetes.io/"));
}
