import type { NormalizedIntent, Retry } from "../../../mesh/intent/types";
import type { Treatment } from "../../../mesh/semantics";
import { acceptedRange } from "../../../verify/traffic/binomial";
import type { Step } from "../lab/traffic/script";
import { FALSE_ALARM } from "./answers";
import type { Observation } from "./probe";

export function hasBudget({ routes }: NormalizedIntent): boolean {
  return routes.some((route) =>
    route.kind === "http" || route.kind === "grpc"
      ? route.rules.some((rule) => rule.retry?.budgetPercent !== undefined)
      : false,
  );
}

/** A machine that is busy answers late; delays shorter than this cannot be told from that. */
const NOISE_MS = 250;
/** Proxies take the time once for all that they do in one go, so that their timers may end early when they are busy. */
const SURE = 0.6;

/** Of many answers so few may be late because the machine is busy. */
const LATE_SHARE = 0.05;

/** Without the few of many that a proxy gave up waiting for as the rule says, though nobody had them wait. */
export function unhurried(
  observations: readonly Observation[],
  { timeoutMs = Infinity, retry }: Treatment,
): readonly Observation[] {
  const patience = Math.min(timeoutMs, retry?.perTryTimeoutMs ?? Infinity);
  const kept = observations.filter(({ reply }) => !(isTimeout(reply) && reply.ms >= patience * SURE));
  return observations.length - kept.length > observations.length * LATE_SHARE ? observations : kept;
}

function isTimeout(reply: Observation["reply"]): boolean {
  if (reply.kind === "closed") return false;
  return reply.grpc === undefined ? reply.status === 504 : reply.grpc === 4 || reply.grpc === 14;
}

/** Too few or too many of some requests were delayed. */
export function misdelayed(observations: readonly Observation[], { faults }: Treatment): string[] {
  const { delay } = faults;
  if (delay === undefined) return [];
  const total = observations.length;
  const fast = observations.filter(({ reply }) => reply.ms < delay.ms * SURE).length;
  const range = acceptedRange(total, 1 - delay.share, FALSE_ALARM);
  const least = delay.ms < NOISE_MS ? 0 : range.least;
  if (fast >= least && fast <= range.most) return [];
  return [
    `${fast} of ${total} were answered before the delay of ${delay.ms} ms, expected ${least} to ${range.most}`,
  ];
}

export interface RetryProbe {
  readonly what: string;
  readonly steps: readonly Step[];
  readonly count: number;
  /** Where some of the observations do not fit. They are of requests that reached a backend. */
  readonly check: (reached: readonly Observation[]) => string[];
}

const answer = (status: number): Step => ({ kind: "answer", status });

/** A status that these conditions have tried again, if there is one that a backend can give. */
function retriable(on: Retry["on"]): number | undefined {
  const own = on.find((c): c is number => typeof c === "number");
  if (own !== undefined) return own;
  if (on.includes("5xx")) return 500;
  if (on.includes("gateway-error")) return 503;
  return on.includes("retriable-4xx") ? 409 : undefined;
}

/** A status that none of these conditions has tried again. */
function final(on: Retry["on"]): number | undefined {
  const holds = (status: number): boolean =>
    on.some(
      (c) =>
        c === status ||
        (c === "5xx" && status >= 500) ||
        (c === "gateway-error" && status >= 502 && status <= 504),
    );
  return [500, 503, 418].find((status) => !holds(status));
}

/** What tells how often a rule tries, and when it gives up. */
export function retryProbes({ retry, timeoutMs }: Treatment): RetryProbe[] {
  if (retry === undefined) return [failing(503, 1, timeoutMs)];
  const status = retriable(retry.on);
  const other = final(retry.on);
  return [
    ...(status === undefined
      ? []
      : [failing(status, retry.retries + 1, patience(retry, timeoutMs)), recovering(status, retry)]),
    ...(other === undefined ? [] : [failing(other, 1, undefined)]),
    ...perTry(retry, timeoutMs),
    ...backoff(retry, { status, timeoutMs }),
  ];
}

/** The timeout, where it may cut the tries short. */
function patience({ retries, backoffMs = 25 }: Retry, timeoutMs: number | undefined): number | undefined {
  const waits = Array.from({ length: retries }, (_, i) => Math.min(backoffMs * 2 ** i, backoffMs * 10));
  const longest = waits.reduce((sum, ms) => sum + ms, 0) + NOISE_MS * (retries + 1);
  return timeoutMs !== undefined && timeoutMs < longest ? timeoutMs : undefined;
}

function failing(status: number, tries: number, cutShort: number | undefined): RetryProbe {
  return {
    what: `every try answered ${status}`,
    steps: [answer(status)],
    count: 2,
    check: (reached) =>
      reached.flatMap(({ tries: seen, reply }) => {
        const late = cutShort !== undefined && reply.ms >= cutShort * SURE;
        const right = late ? seen.length <= tries : seen.length === tries;
        return right ? [] : [`${seen.length} tries, expected ${tries}`];
      }),
  };
}

function recovering(status: number, { retries }: Retry): RetryProbe {
  const tries = Math.min(retries + 1, 2);
  return {
    what: `the first try answered ${status}`,
    steps: [answer(status), answer(200)],
    count: 2,
    check: (reached) =>
      reached.flatMap(({ tries: seen, reply }) =>
        seen.length === tries || (reply.kind === "answer" && reply.status === 504)
          ? []
          : [`${seen.length} tries, expected ${tries}`],
      ),
  };
}

function perTry({ retries, perTryTimeoutMs, on }: Retry, timeoutMs: number | undefined): RetryProbe[] {
  if (perTryTimeoutMs === undefined || perTryTimeoutMs + NOISE_MS > (timeoutMs ?? Infinity)) return [];
  const again = retries > 0 && on.some((c) => c === "5xx" || c === "gateway-error" || c === "reset");
  const tries = again ? 2 : 1;
  return [
    {
      what: `the first try took longer than ${perTryTimeoutMs} ms`,
      steps: [{ kind: "wait", ms: perTryTimeoutMs + 1500 }, answer(200)],
      count: 2,
      check: (reached) =>
        reached.flatMap(({ tries: seen, reply }) => [
          ...(seen.length === tries ? [] : [`${seen.length} tries, expected ${tries}`]),
          ...(reply.ms >= perTryTimeoutMs * SURE && reply.ms < perTryTimeoutMs + 1400
            ? []
            : [`answered after ${Math.round(reply.ms)} ms`]),
        ]),
    },
  ];
}

/** Proxies wait a random time up to the back-off: that all of some waits are much shorter is next to impossible. */
function backoff(
  { retries, backoffMs }: Retry,
  { status, timeoutMs }: { status: number | undefined; timeoutMs: number | undefined },
): RetryProbe[] {
  const measurable =
    backoffMs !== undefined &&
    backoffMs >= NOISE_MS &&
    backoffMs <= 5000 &&
    (timeoutMs ?? Infinity) > backoffMs * 2;
  if (!measurable || status === undefined || retries === 0) return [];
  return [
    {
      what: `waits of about ${backoffMs} ms between tries`,
      steps: [answer(status), answer(200)],
      count: 10,
      check: (reached) => {
        const waits = reached.flatMap(({ tries: [first, second] }) =>
          first && second ? [second.at - first.at] : [],
        );
        if (waits.length < 9) return [];
        const longest = Math.max(...waits);
        return longest > backoffMs / 10 && longest < backoffMs * 2 + NOISE_MS * 2
          ? []
          : [`the longest of ${waits.length} waits was ${Math.round(longest)} ms`];
      },
    },
  ];
}

/** A backend that takes longer than the timeout is not waited for. */
export function timeoutProbe({ timeoutMs, retry, faults }: Treatment): RetryProbe | undefined {
  if (timeoutMs === undefined || timeoutMs > 8000) return undefined;
  const first = Math.min(timeoutMs, retry?.perTryTimeoutMs ?? Infinity);
  return {
    what: `every try took longer than ${timeoutMs} ms`,
    steps: [{ kind: "wait", ms: timeoutMs + 2500 }],
    count: 2,
    check: (reached) =>
      reached.flatMap(({ reply }) => {
        if (reply.kind === "closed") return [`closed after ${Math.round(reply.ms)} ms`];
        const timedOut = isTimeout(reply);
        const soonest = first * SURE;
        const latest = timeoutMs + (faults.delay?.ms ?? 0) + 2000;
        if (timedOut && reply.ms >= soonest && reply.ms <= latest) return [];
        return [
          `answered ${reply.grpc ?? reply.status} after ${Math.round(reply.ms)} ms, expected a timeout of ${timeoutMs} ms`,
        ];
      }),
  };
}
