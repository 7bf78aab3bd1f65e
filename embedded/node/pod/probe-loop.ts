import type { Probe } from "../k8s";
import { perform, type HandlerTarget } from "./handler";

export type Verdict = "unknown" | "success" | "failure";

/** Probes one thing of one run of a container, and tells when what it knows changes, with the last answer's words. */
export class ProbeLoop {
  verdict: Verdict = "unknown";
  private streak = 0;
  private last: boolean | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly probe: Probe,
    private readonly target: HandlerTarget,
    private readonly onChange: (verdict: Verdict, message: string) => void,
  ) {
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
    this.schedule((this.probe.periodSeconds ?? 10) * 1000);
    this.streak = ok === this.last ? this.streak + 1 : 1;
    this.last = ok;
    const enough = ok ? (this.probe.successThreshold ?? 1) : (this.probe.failureThreshold ?? 3);
    const verdict = ok ? "success" : "failure";
    if (this.streak < enough || this.verdict === verdict) return;
    this.verdict = verdict;
    this.onChange(verdict, message);
  }
}
