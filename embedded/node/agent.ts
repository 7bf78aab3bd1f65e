import { renameSync, statSync, writeFileSync, readdirSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { isNotFound, type FollowEvent, type KubeClient } from "../../kube";
import { followAlways } from "./follow-always";
import type { Events } from "./events";
import { unknownImages, type Catalogue } from "./images";
import { podKey, type Pod, type PodStatus, type Service } from "./k8s";
import { machine } from "./node-object";
import type { PodObjects } from "./objects";
import { logsFolder, runningPodsFile } from "./paths";
import type { NodeContext } from "./pod/context";
import { isTiedToNode, SIMULATED, simulatedStatus } from "./pod/simulated";
import { PodWorker } from "./pod/worker";
import type { Plane } from "./sandbox/plane";
import type { PodTokens } from "./tokens";
import type { RunningPod } from "./types";
import { boundLog } from "./logs";

const MANAGER = { fieldManager: "meshwright-node" };
const LOGS_MS = 10_000;

export interface AgentParts {
  readonly node: string;
  /** The node's folder on disk. */
  readonly folder: string;
  /** As this node, with a node's rights. */
  readonly client: KubeClient;
  readonly plane: Plane;
  readonly images: Catalogue;
  readonly objects: PodObjects;
  readonly tokens: PodTokens;
  readonly events: Events;
  readonly services: () => readonly Service[];
}

/** The kubelet of the process node: a worker for each pod that is bound to it. */
export class Agent {
  private readonly workers = new Map<string, { pod: Pod; readonly worker: PodWorker }>();
  private readonly context: NodeContext;
  private listed = "";

  constructor(
    private readonly parts: AgentParts,
    private readonly signal: AbortSignal,
  ) {
    const { plane, client } = parts;
    mkdirSync(logsFolder(parts.folder), { recursive: true, mode: 0o700 });
    this.context = {
      folder: parts.folder,
      hostIp: plane.hostIp,
      dnsIp: plane.dnsIp,
      machine,
      image: parts.images,
      services: parts.services,
      read: (namespace) => (kind, name) => parts.objects.read(kind, namespace, name),
      token: (pod, audience, seconds) => parts.tokens.token(pod, audience, seconds),
      open: plane.open,
      reopen: plane.reopen,
      forget: (pod) => {
        parts.tokens.forget(pod);
        plane.forget(pod.metadata.uid);
        this.writeRunning();
      },
      // First the file, then the status: who sees a pod Ready finds it in the file.
      publish: (pod, status) => {
        this.writeRunning();
        return this.publish(pod, status);
      },
      finish: async (pod) => {
        const { namespace, name, uid } = pod.metadata;
        const mode = { propagation: "Background", gracePeriodSeconds: 0, uid } as const;
        await client
          .delete({ apiVersion: "v1", kind: "Pod", namespace, name }, mode)
          .catch((error: unknown) => {
            if (!isNotFound(error)) throw error;
          });
      },
      event: (pod, event) => parts.events.write(pod, event),
    };
  }

  /** Follows the pods of this node until the signal fires. */
  async work(): Promise<void> {
    const timer = setInterval(() => {
      try {
        this.boundLogs();
      } catch (error) {
        console.error(`logs: ${(error as Error).message}`);
      }
    }, LOGS_MS);
    await followAlways(this.parts.client, this.query(), {
      signal: this.signal,
      onEvent: (event) => this.event(event),
    });
    clearInterval(timer);
  }

  private query() {
    return { apiVersion: "v1", kind: "Pod", fieldSelector: `spec.nodeName=${this.parts.node}` };
  }

  private async event(event: FollowEvent): Promise<void> {
    if (event.type === "SYNCED") await this.clearOrphans();
    else this.handle(event.object as unknown as Pod, event.type === "DELETED");
  }

  /** The worker of a pod by `namespace/name`. */
  find(key: string): PodWorker | undefined {
    return [...this.workers.values()].find(({ pod }) => podKey(pod) === key)?.worker;
  }

  /** Where the pods that serve at `port` are reached, the youngest first. */
  addresses(port: number): { readonly host: string; readonly port: number }[] {
    const sandboxes = [...this.workers.values()].flatMap(({ worker }) => worker.network ?? []).reverse();
    return sandboxes
      .filter((sandbox) => String(port) in sandbox.ports())
      .map((sandbox) => sandbox.address(port));
  }

  private handle(pod: Pod, deleted: boolean): void {
    const { uid } = pod.metadata;
    const known = this.workers.get(uid);
    if (known !== undefined) {
      if (!deleted) known.pod = pod;
      known.worker.update(deleted ? undefined : pod);
    } else if (isTiedToNode(pod) && unknownImages(pod, this.parts.images).length > 0) {
      this.simulate(pod, deleted).catch((error: Error) => console.error(`${podKey(pod)}: ${error.message}`));
    } else if (!deleted) {
      const worker = new PodWorker(this.context, pod);
      this.workers.set(uid, { pod, worker });
      worker
        .work(this.signal)
        .catch((error: Error) => console.error(`${podKey(pod)}: ${error.message}`))
        .finally(() => {
          if (!this.signal.aborted) this.workers.delete(uid);
        });
    }
  }

  private async simulate(pod: Pod, deleted: boolean): Promise<void> {
    const { plane } = this.parts;
    if (deleted || pod.metadata.deletionTimestamp !== undefined) {
      plane.forget(pod.metadata.uid);
      if (!deleted) await this.context.finish(pod);
      return;
    }
    if (pod.metadata.annotations?.[SIMULATED] === "true" && pod.status?.phase === "Running") return;
    const status = simulatedStatus(pod, plane.hostIp, plane.reserve(pod));
    await this.publish(pod, status, { [SIMULATED]: "true" });
  }

  private async publish(
    pod: Pod,
    status: PodStatus,
    annotations?: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { namespace, name, uid } = pod.metadata;
    const ref = { apiVersion: "v1", kind: "Pod", namespace, name, subresource: "status" };
    const metadata = { uid, ...(annotations === undefined ? {} : { annotations }) };
    await this.parts.client.mergePatch(ref, { metadata, status }, MANAGER).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }

  /** Pods that went away while no agent looked, or none was told. */
  private async clearOrphans(): Promise<void> {
    const { items } = await this.parts.client.list(this.query(), this.signal);
    const present = new Set(items.map(({ metadata }) => metadata.uid ?? ""));
    for (const [uid, { worker }] of this.workers) if (!present.has(uid)) worker.update(undefined);
    for (const uid of this.parts.plane.known()) {
      if (!present.has(uid) && !this.workers.has(uid)) await this.parts.plane.clear(uid);
    }
  }

  /** Keeps pods.json true. */
  private writeRunning(): void {
    const running: Record<string, RunningPod> = {};
    for (const { pod, worker } of this.workers.values()) {
      const sandbox = worker.network;
      if (sandbox === undefined) continue;
      const { host } = sandbox.address(0);
      running[podKey(pod)] = {
        namespace: pod.metadata.namespace,
        name: pod.metadata.name,
        serviceAccount: pod.spec.serviceAccountName ?? "default",
        podIp: sandbox.podIp,
        ...(sandbox.netns === undefined ? {} : { netns: sandbox.netns }),
        host,
        ports: sandbox.ports(),
      };
    }
    const text = `${JSON.stringify(running, undefined, 2)}\n`;
    if (text !== this.listed) {
      const file = runningPodsFile(this.parts.folder);
      writeFileSync(`${file}.new`, text, { mode: 0o600 });
      renameSync(`${file}.new`, file);
      this.listed = text;
    }
  }

  private boundLogs(): void {
    for (const name of readdirSync(logsFolder(this.parts.folder))) {
      const file = join(logsFolder(this.parts.folder), name);
      if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) boundLog(file);
    }
  }
}
