import { group } from "./group";
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
  /**
   * By what it was proven: requests that were really sent, the configuration that proxies get, or no more than the
   * objects that the API server holds.
   */
  readonly proof: "traffic" | "xds" | "objects" | "none";
  readonly checks: readonly VerifiedCheck[];
  readonly seconds: number;
}

export function reportOf(checks: readonly VerifiedCheck[], seconds: number): VerificationReport {
  const passed = checks.filter((check) => check.status === "passed");
  return {
    ok: passed.length > 0 && !checks.some((check) => check.status === "failed"),
    proof: proofBy(passed.map((check) => check.id)),
    checks,
    seconds,
  };
}

function proofBy(passed: readonly string[]): VerificationReport["proof"] {
  if (passed.some((id) => id.startsWith("traffic-"))) return "traffic";
  if (passed.includes("accepted")) return "xds";
  return passed.length > 0 ? "objects" : "none";
}

const MARKS = { passed: "✓", failed: "✗", skipped: "–" };

/** A few readable lines for each check: its outcome, its figures, and everything found. */
export function formatReport(report: VerificationReport): string {
  const tried = report.checks.filter((check) => check.status !== "skipped");
  const lines = tried.flatMap((check) => [
    `${MARKS[check.status]} ${check.title}${detail(check)}`,
    ...check.findings.flatMap((finding) => [
      `    ${finding.where}: ${finding.message}`,
      ...(finding.hint === undefined ? [] : [`      ${finding.hint}`]),
    ]),
  ]);
  return [...lines, ...skippedLines(report), summary(report)].join("\n");
}

/** Checks that were skipped, under the reason that they share. */
function skippedLines(report: VerificationReport): string[] {
  const left = report.checks.filter((check) => check.status === "skipped");
  return [...group(left, (check) => check.reason ?? "no reason given")].flatMap(([reason, of]) => [
    `${MARKS.skipped} not checked: ${reason}`,
    ...of.map((check) => `    ${check.title}`),
  ]);
}

function detail(check: VerifiedCheck): string {
  const figures = Object.entries(check.figures).map(([name, value]) => `${name}: ${value}`);
  return figures.length > 0 ? ` (${figures.join("; ")})` : "";
}

function summary({ checks, proof, ok, seconds }: VerificationReport): string {
  const count = (status: VerifiedCheck["status"]) => checks.filter((check) => check.status === status).length;
  const by = {
    traffic: "proven by traffic",
    xds: "proven by the configuration that istiod gives each proxy, not by traffic",
    objects: "only what the API server holds was looked at",
    none: "nothing could be proven",
  }[proof];
  const counts = `${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`;
  return `verification ${ok ? "passed" : "FAILED"} in ${seconds.toFixed(1)} s: ${counts}; ${by}`;
}
