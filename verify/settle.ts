import { sleep, type KubeClient } from "../kube";
import { checks } from "./checks";
import { observe } from "./observe";
import type { Reachable } from "./reach";
import type { VerifiedCheck } from "./report";
import type { Expected, Observed } from "./types";

/** What the configuration is read with, and held to. */
export interface Source {
  readonly kube: KubeClient;
  readonly expected: Expected;
  readonly reachable: Reachable;
}

const CATCH_UP_MS = 60_000;
const UNCHANGED_MS = 6_000;
const PAUSE_MS = 1_000;

/**
 * The checks' outcome once istiod has caught up with what was applied: at once if nothing is wrong; else when what is
 * wrong, or why istiod does not answer, has not changed for six seconds, or after a minute.
 */
export async function settled(source: Source, progress: (line: string) => void): Promise<VerifiedCheck[]> {
  const deadline = Date.now() + CATCH_UP_MS;
  let unchanged = { since: Date.now(), what: "" };
  for (;;) {
    const attempt = await attempted(source);
    if (attempt.what === "") return attempt.result();
    const now = Date.now();
    if (attempt.what !== unchanged.what) unchanged = { since: now, what: attempt.what };
    if (now - unchanged.since >= UNCHANGED_MS || now >= deadline) return attempt.result();
    progress(`waiting for istiod to catch up: ${attempt.why}`);
    await sleep(PAUSE_MS);
  }
}

interface Attempt {
  /** Tells one outcome from another; empty for one that is good. */
  readonly what: string;
  readonly why: string;
  /** The checks, or the error that was in their way. */
  readonly result: () => VerifiedCheck[];
}

async function attempted(source: Source): Promise<Attempt> {
  const { kube, expected, reachable } = source;
  try {
    const judged = judge(await observe(kube, expected, reachable), source);
    const findings = judged.flatMap((check) => check.findings);
    const why = `${findings.length} findings, the first at ${findings[0]?.where}`;
    return { what: findings.length === 0 ? "" : JSON.stringify(findings), why, result: () => judged };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      ...{ what: why, why },
      result: () => {
        throw error;
      },
    };
  }
}

function judge(observed: Observed, { expected, reachable }: Source): VerifiedCheck[] {
  const unasked = "not" in reachable ? reachable.not : "no pod has a proxy of the mesh yet";
  return checks.map(({ id, title, check, withoutProxies }) => {
    if (observed.proxies.length === 0 && !withoutProxies) {
      return { id, title, status: "skipped", reason: unasked, figures: {}, findings: [] };
    }
    const { figures, findings } = check(observed, expected);
    return { id, title, status: findings.length > 0 ? "failed" : "passed", figures, findings };
  });
}
