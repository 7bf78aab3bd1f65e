import { KubeConnectionError, KubeStatusError } from "./errors";

const ATTEMPTS = 6;
const FIRST_MS = 100;
const LONGEST_MS = 10_000;

/** Connection errors after which the server cannot have seen the request. */
const UNREAD = new Set([
  "ECONNREFUSED",
  "EIDLECLOSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);
const BROKEN = new Set([...UNREAD, "ECONNRESET", "EPIPE", "ETIMEDOUT"]);
const PASSING = new Set([500, 502, 503, 504]);

/** Whether a failed request may be sent again. 429 always may: the server did not look at it. */
export function retryable(
  request: { readonly idempotent: boolean },
  failed: { readonly error: unknown; readonly attempt: number },
): boolean {
  const { error, attempt } = failed;
  if (attempt + 1 >= ATTEMPTS) return false;
  if (error instanceof KubeStatusError) {
    return error.code === 429 || (request.idempotent && PASSING.has(error.code));
  }
  if (!(error instanceof KubeConnectionError)) return false;
  return request.idempotent ? BROKEN.has(error.code) : UNREAD.has(error.code);
}

/** Milliseconds to wait: what the server asked for, else doubling with jitter; at most ten seconds. */
export function delayBefore(error: unknown, attempt: number): number {
  const asked = error instanceof KubeStatusError ? error.status.details?.retryAfterSeconds : undefined;
  if (asked !== undefined) return Math.min(asked * 1000, LONGEST_MS);
  return Math.min(FIRST_MS * 2 ** attempt, LONGEST_MS) * (0.5 + Math.random() / 2);
}

/** Waits; ends early, without an error, when the signal fires. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end);
  });
}
