import type { Probe } from "../k8s";
import { perform, type HandlerTarget } from "./handler";

export type Verdict = "unknown" | "success" | "failure";

const EAGER_MS = 1000;

/** Probes one thing of one run of a container, and tells when what it knows changes, with the last answer's words. */
export class ProbeLoop {
  verdict: Verdict = "unknown";
  private streak = 0;
  private last: boolean | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private countedAt = 0;
  private readonly eager: boolean;

  constructor(
    private readonly probe: Probe,
    private readonly target: HandlerTarget,
    private readonly onChange: (verdict: Verdict, message: string) => void,
  ) {
    this.eager = (probe.successThreshold ?? 1) === 1;
    this.schedule((probe.initialDelaySeconds ?? 0) * 1000);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private schedule(ms: number): void {
    this.timer = setTimeout(() => void this.once(), ms);
  }

  private async once(): Promise<void> {
    const { ok, message } = await perform(this.probe, this.target, (this.probe.timeoutSeconds ?? 1) * 1000);
    if (this.stopped) return;
    const period = (this.probe.periodSeconds ?? 10) * 1000;
    const early = Date.now() - this.countedAt < period;
    // Until the first success it is asked every second, so that nobody waits out a long period: a success counts at
    // once, a failure only when the period is over.
    this.schedule(this.eager && this.verdict !== "success" ? Math.min(period, EAGER_MS) : period);
    if (early && !ok) return;
    this.countedAt = Date.now();
    this.streak = ok === this.last ? this.streak + 1 : 1;
    this.last = ok;
    const enough = ok ? (this.probe.successThreshold ?? 1) : (this.probe.failureThreshold ?? 3);
    const verdict = ok ? "success" : "failure";
    if (this.streak < enough || this.verdict === verdict) return;
    this.verdict = verdict;
    this.onChange(verdict, message);
  }
}
