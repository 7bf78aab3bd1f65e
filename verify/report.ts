import type { Figures, Finding } from "./types";

export interface VerifiedCheck {
  /** Stable, kebab-case: `inbound-mtls`. */
  readonly id: string;
  /** What holds if it passed, as a sentence without a final stop. */
  readonly title: string;
  readonly status: "passed" | "failed" | "skipped";
  /** Why it was skipped. */
  readonly reason?: string;
  readonly figures: Figures;
  readonly findings: readonly Finding[];
}

/** The outcome of a verification, fit for `--json`. */
export interface VerificationReport {
  /** No check failed, and at least one passed. */
  readonly ok: boolean;
  /** By what it was proven: requests that were really sent, or the configuration that proxies get. */
  readonly proof: "traffic" | "xds" | "none";
  readonly checks: readonly VerifiedCheck[];
  readonly seconds: number;
}

export function reportOf(checks: readonly VerifiedCheck[], seconds: number): VerificationReport {
  const passed = checks.filter((check) => check.status === "passed");
  const traffic = passed.some((check) => check.id.startsWith("traffic-"));
  return {
    ok: passed.length > 0 && !checks.some((check) => check.status === "failed"),
    proof: traffic ? "traffic" : passed.length > 0 ? "xds" : "none",
    checks,
    seconds,
  };
}

const MARKS = { passed: "✓", failed: "✗", skipped: "–" };

/** A few readable lines for each check: its outcome, its figures, and everything found. */
export function formatReport(report: VerificationReport): string {
  const lines = report.checks.flatMap((check) => [
    `${MARKS[check.status]} ${check.title}${detail(check)}`,
    ...check.findings.flatMap((finding) => [
      `    ${finding.where}: ${finding.message}`,
      ...(finding.hint === undefined ? [] : [`      ${finding.hint}`]),
    ]),
  ]);
  return [...lines, summary(report)].join("\n");
}

function detail(check: VerifiedCheck): string {
  if (check.status === "skipped") return `: skipped, ${check.reason ?? "no reason given"}`;
  const figures = Object.entries(check.figures).map(([name, value]) => `${name}: ${value}`);
  return figures.length > 0 ? ` (${figures.join("; ")})` : "";
}

function summary({ checks, proof, ok, seconds }: VerificationReport): string {
  const count = (status: VerifiedCheck["status"]) => checks.filter((check) => check.status === status).length;
  const by = {
    traffic: "proven by traffic",
    xds: "proven by the configuration that istiod gives each proxy, not by traffic",
    none: "nothing could be proven",
  }[proof];
  const counts = `${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`;
  return `verification ${ok ? "passed" : "FAILED"} in ${seconds.toFixed(1)} s: ${counts}; ${by}`;
}
