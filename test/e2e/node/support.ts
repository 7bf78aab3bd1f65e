import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { deleteCluster, listClusters, startCluster, type EmbeddedCluster } from "../../../embedded/cluster";
import { logsFolder, nodeDir } from "../../../embedded/node/paths";
import { findAsset, findTool, type ToolName } from "../../../embedded/tools";
import type { KubeClient, KubeObject } from "../../../kube";
import { clientOf, eventually } from "../cluster/support";

const CONTROL_PLANE: readonly ToolName[] = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
  "kube-proxy",
];

export interface World {
  readonly cluster: () => EmbeddedCluster;
  readonly client: () => KubeClient;
}

/** Tests on a cluster of their own whose pods run as processes: root on Linux, with the real programs. Else skipped with a reason; in CI they fail. */
export function describeOnProcessNode(
  name: string,
  extra: readonly ToolName[],
  body: (world: World) => void,
): void {
  const missing = [...CONTROL_PLANE, ...extra].filter((tool) => findTool(tool) === undefined);
  const reasons = [
    ...(process.platform === "linux" && process.getuid?.() === 0 ? [] : ["needs root on Linux"]),
    ...(missing.length > 0 ? [`${missing.join(", ")} missing`] : []),
  ];
  if (reasons.length > 0 && process.env["CI"] === "true") test(name, () => expect(reasons).toEqual([]));
  else if (reasons.length > 0) {
    console.warn(`${name}: skipped: ${reasons.join("; ")}`);
    describe.skip(name, () => body({ cluster: unset, client: unset }));
  } else describe(name, () => inOwnHome(body));
}

const unset = (): never => {
  throw new Error("there is no cluster");
};

function inOwnHome(body: (world: World) => void): void {
  const home = mkdtempSync(join(tmpdir(), "meshwright-node-"));
  const outside = process.env["MESHWRIGHT_HOME"];
  let cluster: EmbeddedCluster | undefined;
  let client: KubeClient | undefined;
  beforeAll(async () => {
    process.env["MESHWRIGHT_HOME"] = home;
    cluster = await startCluster({ name: "node-test", dataPlane: "netns" }, () => undefined);
    client = clientOf(cluster);
  });
  afterAll(async () => {
    client?.close();
    for (const name of listClusters()) await deleteCluster(name);
    rmSync(home, { recursive: true, force: true });
    if (outside === undefined) delete process.env["MESHWRIGHT_HOME"];
    else process.env["MESHWRIGHT_HOME"] = outside;
  });
  body({ cluster: () => cluster ?? unset(), client: () => client ?? unset() });
}

/** Applies objects in order, waiting for kinds that their CRDs only just brought. */
export async function applyAll(client: KubeClient, objects: readonly KubeObject[]): Promise<void> {
  for (const object of objects) {
    const applied = await eventually(() =>
      client.apply(object, { fieldManager: "test", force: true }).catch((error: Error) => {
        if (error.name === "UnknownKindError") return undefined;
        throw error;
      }),
    );
    if (applied === undefined) throw new Error(`${object.kind} ${object.metadata.name} cannot be applied`);
  }
}

/** Objects of one of Istio's charts with these values. */
export function renderIstio(chart: string, release: string, values: object): KubeObject[] {
  const charts = findAsset("istio-charts");
  const helm = findTool("helm");
  if (charts === undefined || helm === undefined) throw new Error("Helm or Istio's charts are missing");
  const args = [
    "template",
    release,
    join(charts.path, chart),
    "--namespace",
    "istio-system",
    "--values",
    "-",
  ];
  const { stdout, stderr, status } = spawnSync(helm.path, args, {
    input: JSON.stringify(values),
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return parseAllDocuments(stdout).flatMap((document) => {
    const object = document.toJS() as KubeObject | null;
    if (object === null) return [];
    return [{ ...object, metadata: { namespace: "istio-system", ...object.metadata } }];
  });
}

export interface PodView {
  readonly name: string;
  readonly phase: string;
  readonly ready: boolean;
  readonly ip: string;
  readonly node: string;
  readonly restarts: readonly number[];
  readonly object: KubeObject;
}

/** The pods of a namespace that a selector matches, those being deleted left out. */
export async function podsOf(
  client: KubeClient,
  namespace: string,
  labelSelector: string,
): Promise<PodView[]> {
  const { items } = await client.list({ apiVersion: "v1", kind: "Pod", namespace, labelSelector });
  return items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map((object) => {
      const status = object["status"] as {
        phase?: string;
        podIP?: string;
        conditions?: { type: string; status: string }[];
        containerStatuses?: { restartCount: number }[];
      };
      return {
        name: object.metadata.name ?? "",
        phase: status.phase ?? "",
        ready: status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false,
        ip: status.podIP ?? "",
        node: (object["spec"] as { nodeName?: string }).nodeName ?? "",
        restarts: (status.containerStatuses ?? []).map(({ restartCount }) => restartCount),
        object,
      };
    });
}

/** The pods once there are so many and all are Ready. */
export async function readyPods(
  client: KubeClient,
  where: readonly [string, string],
  count: number,
): Promise<PodView[]> {
  const found = await eventually(async () => {
    const pods = await podsOf(client, ...where);
    return pods.length === count && pods.every(({ ready }) => ready) ? pods : undefined;
  });
  if (found === undefined) {
    const pods = (await podsOf(client, ...where)).map(
      ({ name, object }) => `${name} ${JSON.stringify(object["status"]).slice(-600)}`,
    );
    throw new Error(`no ${count} ready pods ${where.join(" ")}: ${[...pods, ...lastWords()].join("\n")}`);
  }
  return found;
}

/** The last lines of every container's log. */
function lastWords(): string[] {
  const folder = logsFolder(nodeDir("node-test"));
  return readdirSync(folder).map(
    (name) => `${name}: ${readFileSync(join(folder, name), "utf8").slice(-400)}`,
  );
}

/** GET from this machine: the status code and the body, or the code of what went wrong. */
export function get(url: string): Promise<{ readonly code: number | string; readonly body: string }> {
  return new Promise((resolve) => {
    const call = request(url, { timeout: 3000, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
      response.on("end", () => resolve({ code: response.statusCode ?? 0, body }));
    });
    call.on("timeout", () => call.destroy(Object.assign(new Error("timeout"), { code: "ETIMEDOUT" })));
    call.on("error", (error: NodeJS.ErrnoException) =>
      resolve({ code: error.code ?? "", body: error.message }),
    );
    call.end();
  });
}

/** All that a cluster could leave on the machine: names of namespaces and links, routes, mounts, and processes of a folder. */
export function traces(folder: string, netns: string): string[] {
  const say = (...argv: string[]): string =>
    spawnSync(argv[0] ?? "", argv.slice(1), { encoding: "utf8" }).stdout;
  const lines = (text: string, pattern: RegExp): string[] =>
    text.split("\n").filter((line) => pattern.test(line));
  const own = new RegExp(`\\b${netns}\\b`);
  const commands = readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")];
      } catch {
        return [];
      }
    });
  return [
    ...lines(say("ip", "netns", "list"), own),
    ...lines(say("ip", "-o", "link"), own),
    ...lines(say("ip", "route"), own),
    ...lines(readFileSync("/proc/self/mounts", "utf8"), new RegExp(`${folder}|/netns/${netns}\\b`)),
    ...commands.filter((command) => command.includes(folder)),
  ];
}
