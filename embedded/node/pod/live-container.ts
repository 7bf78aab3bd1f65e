import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Handler, Pod } from "../k8s";
import { killContainer, signalContainer } from "../sandbox/container";
import type { ContainerSpec, Mount } from "../sandbox/root-script";
import type { PodSandbox } from "../sandbox/types";
import type { PodEvent } from "./context";
import { perform, type HandlerTarget, type Outcome } from "./handler";
import { ProbeLoop, type Verdict } from "./probe-loop";
import type { ContainerSlot } from "./slot";

const POST_START_LIMIT_MS = 120_000;

/** What a live container tells its pod's worker. */
export interface Listener {
  readonly changed: () => void;
  readonly event: (event: PodEvent) => void;
  /** A probe found it dead: it is to be ended and started anew. */
  readonly condemned: (slot: ContainerSlot) => void;
}

/** A container that was started: its hooks, its probes, its end. */
export class LiveContainer {
  private readonly loops: ProbeLoop[] = [];
  private readonly target: HandlerTarget;
  private ending = false;

  constructor(
    readonly slot: ContainerSlot,
    private readonly sandbox: PodSandbox,
    private readonly who: { readonly pod: Pod; readonly spec: ContainerSpec; readonly listener: Listener },
  ) {
    this.target = {
      container: slot.container,
      address: (port) => sandbox.address(port),
      exec: (argv, timeoutMs) => this.exec(argv, timeoutMs),
    };
  }

  /** Starts it and does its postStart hook: only then may the next container begin. */
  async start(log: string): Promise<void> {
    const { slot } = this;
    const folder = slot.next();
    const { uid, gid, groups, capabilities, noNewPrivileges, env } = this.who.spec;
    const user = { uid, gid, groups, capabilities, noNewPrivileges, env };
    writeFileSync(join(folder, "who.json"), JSON.stringify(user), { mode: 0o600 });
    await this.sandbox.start(
      { folder, log },
      withMessageFile(folder, this.who.spec),
      this.who.listener.changed,
    );
    while (slot.run()?.state === "starting") await sleep(20);
    this.who.listener.event({
      type: "Normal",
      reason: "Started",
      message: `Started container ${slot.container.name}`,
    });
    const hook = slot.container.lifecycle?.postStart;
    if (hook !== undefined && slot.run()?.state === "running") {
      const { ok, message } = await this.hook(hook, POST_START_LIMIT_MS);
      if (!ok && !this.ending) {
        this.who.listener.event({ type: "Warning", reason: "FailedPostStartHook", message });
        await killContainer(folder);
      }
    }
    this.watch();
  }

  /** Begins to probe. With what was known of it before where the agent was started after it. */
  watch(before?: { readonly started: boolean; readonly ready: boolean }): void {
    if (this.ending || this.slot.role === "init") return;
    const { startupProbe } = this.slot.container;
    this.slot.ready = before?.ready ?? false;
    if (startupProbe === undefined || before?.started === true) return this.hasStarted();
    this.loop(startupProbe, "Startup", (verdict) => {
      if (verdict === "failure") return this.who.listener.condemned(this.slot);
      this.stopProbes();
      this.hasStarted();
    });
  }

  /** Ends it: preStop hook, TERM, and KILL where it has not ended by `deadline`. */
  async stop(deadline: () => number): Promise<void> {
    const again = this.ending;
    this.ending = true;
    this.stopProbes();
    const run = this.slot.run();
    if (run === undefined || run.state === "ended") return;
    const hook = this.slot.container.lifecycle?.preStop;
    const left = (): number => Math.max(0, deadline() - Date.now());
    if (hook !== undefined && !again && left() > 0) {
      const { ok, message } = await Promise.race([this.hook(hook, left()), sleep(left(), LATE)]);
      if (!ok) this.who.listener.event({ type: "Warning", reason: "FailedPreStopHook", message });
    }
    signalContainer(this.slot.runFolder, "SIGTERM");
    while (left() > 0 && this.slot.run()?.state !== "ended") await sleep(Math.min(50, left()));
    await killContainer(this.slot.runFolder);
  }

  stopProbes(): void {
    for (const loop of this.loops.splice(0)) loop.stop();
  }

  private hasStarted(): void {
    const { readinessProbe, livenessProbe } = this.slot.container;
    this.slot.started = true;
    if (readinessProbe === undefined) this.slot.ready = true;
    else {
      this.loop(readinessProbe, "Readiness", (verdict) => {
        this.slot.ready = verdict === "success";
      });
    }
    if (livenessProbe !== undefined) {
      this.loop(livenessProbe, "Liveness", (verdict) => {
        if (verdict === "failure") this.who.listener.condemned(this.slot);
      });
    }
    this.who.listener.changed();
  }

  private loop(
    probe: ConstructorParameters<typeof ProbeLoop>[0],
    name: string,
    onVerdict: (verdict: Verdict) => void,
  ): void {
    const changed = (verdict: Verdict, message: string): void => {
      if (verdict === "failure") {
        this.who.listener.event({
          type: "Warning",
          reason: "Unhealthy",
          message: `${name} probe failed: ${message}`,
        });
      }
      onVerdict(verdict);
      this.who.listener.changed();
    };
    this.loops.push(new ProbeLoop(probe, this.target, changed));
  }

  private hook(handler: Handler, limitMs: number): Promise<Outcome> {
    return perform(handler, this.target, limitMs);
  }

  private async exec(argv: readonly string[], timeoutMs: number) {
    const run = this.slot.run();
    if (run?.state !== "running") return { code: 126, stdout: "", stderr: "the container is not running" };
    const { spec } = this.who;
    return this.sandbox.exec(run.pid, { who: spec, env: spec.env, argv, timeoutMs });
  }
}

const LATE: Outcome = { ok: false, message: "the preStop hook did not end within the grace period" };

/** A file for the container's last words, which become part of its status. */
function withMessageFile(folder: string, spec: ContainerSpec): ContainerSpec {
  const source = join(folder, "termination-log");
  writeFileSync(source, "");
  chmodSync(source, 0o666);
  const mount: Mount = { source, target: "/dev/termination-log", kind: "file", readOnly: false };
  return { ...spec, mounts: [...spec.mounts, mount] };
}
