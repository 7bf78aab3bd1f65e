import { isStatus, type KubeClient, type KubeObject } from "../../kube";
import { InitFailedError, type ResourceLog, type ValueMap } from "../plugin";
import type { Handling } from "./annotations";
import { AwaitError, awaiterOf, waitUntilReady } from "./await";

const CONFLICT_HELP =
  "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources";

/** What to wait for after a write. */
export interface Written {
  readonly client: KubeClient;
  readonly object: KubeObject;
  readonly handling: Handling;
  readonly log: ResourceLog;
  readonly signal: AbortSignal;
  /** Seconds from `customTimeouts`; 0: none given. */
  readonly timeout: number;
}

/** Waits as the kind or the user's annotations demand, and returns the object as it then is. Throws AwaitError. */
export async function settle(written: Written): Promise<KubeObject> {
  const { object, handling, log } = written;
  const awaiter = awaiterOf(object, handling);
  let live = object;
  if (handling.skipAwait) {
    log.status("info", "Skipping await logic");
  } else if (awaiter) {
    const timeoutSeconds = written.timeout || handling.timeoutSeconds || awaiter.timeoutSeconds;
    const ready = await waitUntilReady({ ...written, awaiter, timeoutSeconds });
    if (!awaiter.keepsWritten) live = ready;
  }
  log.status("info", "");
  return live;
}

/** The error of an object that was written but is not what it should be: the state keeps it. */
export function initFailed(
  failed: { readonly error: unknown; readonly what: string },
  state: { readonly id: string; readonly properties: ValueMap; readonly inputs?: ValueMap },
): InitFailedError {
  const { error, what } = failed;
  const message = error instanceof Error ? error.message : String(error);
  const problems = error instanceof AwaitError ? error.problems : [];
  return new InitFailedError(state, [
    `${what} failed to fully initialize or become live: ${message}`,
    ...problems,
  ]);
}

/** Server-side apply met fields of another manager: says so, and where to read on. */
export function withConflictHelp(error: unknown, fieldManager: string): unknown {
  if (!isStatus(error, "Conflict")) return error;
  return new Error(
    `Server-Side Apply field conflict detected. See ${CONFLICT_HELP} for troubleshooting help.\n` +
      `The resource managed by field manager "${fieldManager}" had an apply conflict: ${error.message}`,
    { cause: error },
  );
}
