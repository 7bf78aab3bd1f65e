import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { PodFacts } from "../fields";
import { isSidecar, type Container, type ContainerStatus, type Pod, type PodStatus } from "../k8s";
import { killContainer } from "../sandbox/container";
import type { ContainerSpec, Mount } from "../sandbox/root-script";
import type { PodSandbox } from "../sandbox/types";
import { logFile, podFolder } from "../paths";
import { containerSpec } from "./container-spec";
import type { NodeContext, PodEvent } from "./context";
import { decide } from "./decide";
import { containerEnv } from "./env";
import { LiveContainer, type Listener } from "./live-container";
import { ContainerSlot } from "./slot";
import { podStatus } from "./status";
import { refreshVolumes, volumeMounts, writeEtc } from "./volumes";
import { Waker } from "./waker";

const TICK_MS = 1000;
const REFRESH_MS = 5000;
const DEFAULT_GRACE_SECONDS = 30;

/** Brings one pod from where it is to where its object says it should be, step by step, until it is gone. */
export class PodWorker {
  private sandbox: PodSandbox | undefined;
  private readonly slots: readonly ContainerSlot[];
  private readonly live = new Map<ContainerSlot, LiveContainer>();
  private outcome: "Succeeded" | "Failed" | undefined;
  /** The status that the API server is known to have, and the one last written. */
  private published: PodStatus | undefined;
  private written: PodStatus | undefined;
  private etc: readonly Mount[] = [];
  private refreshedAt = 0;
  private starting: ContainerSlot | undefined;
  private gone = false;
  private trouble = "";
  private readonly waker = new Waker();
  private readonly folder: string;
  private readonly listener: Listener = {
    changed: () => this.waker.wake(),
    event: (event) => this.event(event),
    condemned: (slot) => void this.condemn(slot),
  };

  constructor(
    private readonly node: NodeContext,
    private pod: Pod,
  ) {
    this.folder = podFolder(node.folder, pod.metadata.uid);
    const slot = (container: Container, role: "init" | "main"): ContainerSlot =>
      new ContainerSlot(
        container,
        role === "init" && isSidecar(container) ? "sidecar" : role,
        join(this.folder, "containers", container.name),
      );
    this.slots = [
      ...(pod.spec.initContainers ?? []).map((container) => slot(container, "init")),
      ...pod.spec.containers.map((container) => slot(container, "main")),
    ];
    const { phase } = pod.status ?? {};
    if (phase === "Succeeded" || phase === "Failed") this.outcome = phase;
  }

  /** The network it has now, if any: a pod that is over has none. */
  get network(): PodSandbox | undefined {
    return this.outcome === undefined ? this.sandbox : undefined;
  }

  /** Takes the object's newest state; undefined once the object is gone. */
  update(pod: Pod | undefined): void {
    if (pod === undefined) this.gone = true;
    else {
      this.pod = pod;
      // Someone else wrote another readiness: the control plane does while it hears nothing of a node.
      if (readiness(pod.status) !== readiness(this.published)) this.published = undefined;
    }
    if (this.ending && this.starting !== undefined) void killContainer(this.starting.runFolder);
    this.waker.wake();
  }

  /** First process of a running container, for exec. */
  pidOf(container: string): number | undefined {
    const run = this.slots.find((slot) => slot.container.name === container)?.run();
    return run?.state === "running" ? run.pid : undefined;
  }

  /** Runs until the pod is gone, or the signal fires: then its containers are left as they are. */
  async work(signal: AbortSignal): Promise<void> {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    while (!signal.aborted) {
      try {
        if (this.ending) return await this.terminate();
        if (this.outcome === undefined) await this.advance();
        await this.report();
        this.trouble = "";
      } catch (error) {
        this.complain((error as Error).message);
        await this.report().catch(() => undefined);
      }
      await this.waker.sleep(TICK_MS);
    }
    for (const live of this.live.values()) live.stopProbes();
  }

  private get ending(): boolean {
    return this.gone || this.pod.metadata.deletionTimestamp !== undefined;
  }

  /** When a pod that is being deleted must be gone. */
  private get deadline(): number {
    return this.gone ? 0 : Date.parse(this.pod.metadata.deletionTimestamp ?? "");
  }

  private get graceMs(): number {
    return (this.pod.spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS) * 1000;
  }

  private get policy() {
    return this.pod.spec.restartPolicy ?? "Always";
  }

  private async advance(): Promise<void> {
    await this.prepare();
    await this.adopt();
    const { start, outcome } = decide(
      this.slots.map((slot) => slot.view()),
      this.policy,
    );
    for (const name of start) {
      const slot = this.slots.find(({ container }) => container.name === name);
      if (slot === undefined || slot.delay(new Date()) > 0 || this.ending) continue;
      await this.start(slot);
      this.waker.wake();
    }
    if (outcome !== undefined) {
      await this.report();
      const deadline = Date.now() + this.graceMs;
      await this.stopAll(() => (this.ending ? Math.min(deadline, this.deadline) : deadline));
      this.outcome = outcome;
      await this.report();
      await this.sandbox?.remove();
    }
  }

  /** Network, files of /etc, volumes: kept up to date while the pod runs. */
  private async prepare(): Promise<void> {
    if (this.sandbox === undefined) {
      const { sandbox, fresh } = await this.node.open(this.pod);
      this.sandbox = sandbox;
      if (fresh) for (const slot of this.slots) slot.forget();
      this.etc = writeEtc(join(this.folder, "etc"), this.pod, { podIp: sandbox.podIp, dns: this.node.dnsIp });
    }
    if (Date.now() - this.refreshedAt < REFRESH_MS) return;
    const { namespace } = this.pod.metadata;
    await refreshVolumes(join(this.folder, "volumes"), {
      pod: this.pod,
      facts: this.facts(this.sandbox),
      read: this.node.read(namespace),
      token: (audience, seconds) => this.node.token(this.pod, audience, seconds),
    });
    this.refreshedAt = Date.now();
  }

  /** Containers that ran before this agent: they are watched again, with what was known of them. */
  private async adopt(): Promise<void> {
    for (const slot of this.slots) {
      if (this.live.has(slot) || slot.run()?.state !== "running" || this.sandbox === undefined) continue;
      const all = [
        ...(this.pod.status?.initContainerStatuses ?? []),
        ...(this.pod.status?.containerStatuses ?? []),
      ];
      const before = all.find(({ name }) => name === slot.container.name);
      const live = this.liveContainer(slot, this.sandbox, await this.spec(slot, this.sandbox));
      live.watch(before);
    }
  }

  private liveContainer(slot: ContainerSlot, sandbox: PodSandbox, spec: ContainerSpec): LiveContainer {
    this.live.get(slot)?.stopProbes();
    const live = new LiveContainer(slot, sandbox, { pod: this.pod, spec, listener: this.listener });
    this.live.set(slot, live);
    return live;
  }

  private async start(slot: ContainerSlot): Promise<void> {
    if (this.sandbox === undefined) return;
    let spec: ContainerSpec;
    try {
      spec = await this.spec(slot, this.sandbox);
    } catch (error) {
      const message = (error as Error).message;
      if (slot.problem?.message !== message) this.event({ type: "Warning", reason: "Failed", message });
      slot.problem = { reason: "CreateContainerConfigError", message };
      return;
    }
    this.starting = slot;
    try {
      const log = logFile(this.node.folder, this.pod, slot.container.name);
      await this.liveContainer(slot, this.sandbox, spec).start(log);
    } finally {
      this.starting = undefined;
    }
  }

  private async spec(slot: ContainerSlot, sandbox: PodSandbox): Promise<ContainerSpec> {
    const { container } = slot;
    const image = this.node.image(container.image);
    if (image === undefined) {
      throw new Error(
        `image ${container.image} is not known: this node runs Istio's pilot and proxyv2, and node`,
      );
    }
    const read = this.node.read(this.pod.metadata.namespace);
    const source = { pod: this.pod, facts: this.facts(sandbox), services: this.node.services(), read };
    const env = await containerEnv(container, source);
    const mounts = volumeMounts(container, { pod: this.pod, folder: join(this.folder, "volumes") }, env);
    return containerSpec(this.pod, container, { image, env, mounts: [...this.etc, ...mounts] });
  }

  private facts(sandbox: PodSandbox): PodFacts {
    return { ...this.node.machine, podIp: sandbox.podIp, hostIp: this.node.hostIp };
  }

  private async condemn(slot: ContainerSlot): Promise<void> {
    const { name } = slot.container;
    this.event({
      type: "Normal",
      reason: "Killing",
      message: `Container ${name} failed its probe and will be restarted`,
    });
    const deadline = Date.now() + this.graceMs;
    await this.live.get(slot)?.stop(() => deadline);
    this.waker.wake();
  }

  /** Main containers together, then the sidecars, the last one first. */
  private async stopAll(deadline: () => number): Promise<void> {
    const stop = (slot: ContainerSlot): Promise<void> =>
      this.live.get(slot)?.stop(deadline) ?? killContainer(slot.runFolder);
    await Promise.all(this.slots.filter(({ role }) => role !== "sidecar").map(stop));
    for (const slot of this.slots.filter(({ role }) => role === "sidecar").reverse()) await stop(slot);
  }

  private async terminate(): Promise<void> {
    this.sandbox ??= await this.node.reopen(this.pod);
    if (this.sandbox !== undefined && !this.gone) await this.adopt();
    await this.stopAll(() => this.deadline);
    if (!this.gone) await this.report().catch(() => undefined);
    await this.sandbox?.remove();
    for (const { container } of this.slots) {
      for (const end of ["", ".1"])
        rmSync(`${logFile(this.node.folder, this.pod, container.name)}${end}`, { force: true });
    }
    rmSync(this.folder, { recursive: true, force: true });
    this.sandbox = undefined;
    this.node.forget(this.pod);
    if (!this.gone) await this.node.finish(this.pod);
  }

  private async report(): Promise<void> {
    const comesBack = ({ role, container }: ContainerSlot): boolean => {
      if (this.outcome !== undefined || this.ending) return false;
      const view = this.slots.find((slot) => slot.container === container)?.view();
      const failed = view?.state === "ended" && view.code !== 0;
      if (role === "sidecar") return true;
      if (role === "init") return failed && this.policy !== "Never";
      return this.policy === "Always" || (this.policy === "OnFailure" && failed);
    };
    const containers = new Map<string, ContainerStatus>();
    for (const slot of this.slots) {
      const status = slot.status(comesBack(slot), this.pod.metadata.uid);
      if (status !== undefined) containers.set(slot.container.name, status);
    }
    const status = podStatus(this.remembering(), {
      hostIp: this.node.hostIp,
      ...(this.sandbox === undefined ? {} : { podIp: this.sandbox.podIp }),
      containers,
      ...(this.outcome === undefined ? {} : { outcome: this.outcome }),
      now: new Date(),
    });
    if (JSON.stringify(status) === JSON.stringify(this.published)) return;
    await this.node.publish(this.pod, status);
    this.published = this.written = status;
  }

  /** The pod with the status last written, which the API server may not yet have sent back; conditions of others are as it sent them. */
  private remembering(): Pod {
    const { written: last, pod } = this;
    if (last === undefined) return pod;
    const own = last.conditions ?? [];
    const foreign = (pod.status?.conditions ?? []).filter(
      ({ type }) => !own.some((one) => one.type === type),
    );
    const kept = own.filter(({ type }) => OWN.includes(type));
    return { ...pod, status: { ...last, conditions: [...kept, ...foreign] } };
  }

  private complain(message: string): void {
    if (message === this.trouble) return;
    this.trouble = message;
    this.event({ type: "Warning", reason: "FailedSync", message });
  }

  private event(event: PodEvent): void {
    this.node.event(this.pod, event);
  }
}

const readiness = (status: PodStatus | undefined): string | undefined =>
  status?.conditions?.find(({ type }) => type === "Ready")?.status;

const OWN = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"];
