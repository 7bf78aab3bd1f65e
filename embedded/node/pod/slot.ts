import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Container, ContainerStateDetail, ContainerStatus } from "../k8s";
import { observe, type ContainerRun } from "../sandbox/container";
import type { ContainerView } from "./decide";

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 60_000;

/** One container of a pod through all its runs. What it knows lies in its folder: `<folder>/<attempt>/…`. */
export class ContainerSlot {
  /** Why it cannot be started, as a waiting reason. */
  problem: { readonly reason: string; readonly message: string } | undefined;
  /** Set by the pod's worker as probes and hooks answer. */
  started = false;
  ready = false;
  private attempt: number;
  private forgotten: boolean;
  private quickFailures = 0;

  constructor(
    readonly container: Container,
    readonly role: ContainerView["role"],
    private readonly folder: string,
  ) {
    const attempts = existsSync(folder) ? readdirSync(folder).map(Number).filter(Number.isInteger) : [];
    this.attempt = Math.max(-1, ...attempts);
    this.forgotten = this.attempt >= 0 && existsSync(join(this.runFolder, "forgotten"));
  }

  get runFolder(): string {
    return join(this.folder, String(this.attempt));
  }

  run(): ContainerRun | undefined {
    return this.attempt < 0 || this.forgotten ? undefined : observe(this.runFolder);
  }

  /** The last run belongs to a sandbox that is gone: the container counts as not yet run in this one. */
  forget(): void {
    if (this.attempt < 0) return;
    observe(this.runFolder);
    writeFileSync(join(this.runFolder, "forgotten"), "");
    this.forgotten = true;
    this.started = this.ready = false;
  }

  /** Makes the folder of the next run; the last one is kept for its exit code. */
  next(): string {
    const ended = this.run();
    const quick =
      ended?.state === "ended" && ended.endedAt.getTime() - ended.startedAt.getTime() < LONGEST_DELAY_MS;
    this.quickFailures = quick ? this.quickFailures + 1 : 0;
    this.attempt += 1;
    this.forgotten = false;
    this.problem = undefined;
    this.started = this.ready = false;
    rmSync(join(this.folder, String(this.attempt - 2)), { recursive: true, force: true });
    rmSync(this.runFolder, { recursive: true, force: true });
    mkdirSync(this.runFolder, { recursive: true, mode: 0o700 });
    return this.runFolder;
  }

  /** Milliseconds until it may be started again: one second after the first failure, doubling to a minute. */
  delay(now: Date): number {
    const run = this.run();
    if (run?.state !== "ended") return 0;
    const pause = Math.min(FIRST_DELAY_MS * 2 ** this.quickFailures, LONGEST_DELAY_MS);
    return Math.max(0, run.endedAt.getTime() + pause - now.getTime());
  }

  view(): ContainerView {
    const run = this.run();
    const state = run === undefined ? "none" : run.state === "ended" ? "ended" : "running";
    const code = run?.state === "ended" ? run.code : 0;
    return {
      name: this.container.name,
      role: this.role,
      state,
      code,
      started: state === "running" && this.started,
    };
  }

  /** @param comesBack whether an ended container will be started again */
  status(comesBack: boolean, uid: string): ContainerStatus | undefined {
    if (this.attempt < 0 && this.problem === undefined) return undefined;
    const run = this.run();
    const completed = this.role === "init" && run?.state === "ended" && run.code === 0;
    return {
      name: this.container.name,
      image: this.container.image,
      imageID: this.container.image,
      ...(this.attempt < 0 ? {} : { containerID: this.id(this.attempt, uid) }),
      ready: completed || (run?.state === "running" && this.ready),
      started: run?.state === "running" && this.started,
      restartCount: Math.max(0, this.attempt),
      state: this.state(run, comesBack, uid),
      lastState: this.lastState(run, comesBack, uid),
    };
  }

  private state(run: ContainerRun | undefined, comesBack: boolean, uid: string): ContainerStateDetail {
    if (run?.state === "running") return { running: { startedAt: run.startedAt.toISOString() } };
    if (this.problem !== undefined) return { waiting: this.problem };
    if (run?.state !== "ended") return { waiting: { reason: "ContainerCreating" } };
    if (!comesBack) return this.terminated(run, this.attempt, uid);
    const message = `restarting failed container ${this.container.name}`;
    return { waiting: { reason: "CrashLoopBackOff", message } };
  }

  private lastState(run: ContainerRun | undefined, comesBack: boolean, uid: string): ContainerStateDetail {
    if (run?.state === "ended") return comesBack ? this.terminated(run, this.attempt, uid) : {};
    const before = this.attempt < 1 ? undefined : observe(join(this.folder, String(this.attempt - 1)));
    return before?.state === "ended" ? this.terminated(before, this.attempt - 1, uid) : {};
  }

  private terminated(
    run: ContainerRun & { state: "ended" },
    attempt: number,
    uid: string,
  ): ContainerStateDetail {
    const message = join(this.folder, String(attempt), "termination-log");
    const words = existsSync(message) ? readFileSync(message, "utf8").slice(0, 4096) : "";
    return {
      terminated: {
        exitCode: run.code,
        reason: run.code === 0 ? "Completed" : "Error",
        ...(words === "" ? {} : { message: words }),
        startedAt: run.startedAt.toISOString(),
        finishedAt: run.endedAt.toISOString(),
        containerID: this.id(attempt, uid),
      },
    };
  }

  private id(attempt: number, uid: string): string {
    return `process://${uid}-${this.container.name}-${attempt}`;
  }
}
