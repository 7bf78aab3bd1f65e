import { setTimeout as sleep } from "node:timers/promises";
import { follow, type FollowEvent, type KubeClient, type ListQuery } from "../../kube";

const RETRY_MS = 1000;

/**
 * As `follow`, and begins anew after any failure, refusals included: while a cluster starts, its own rules may not be
 * there yet. Ends only with the signal. What went away between two beginnings is missing from the next SYNCED.
 */
export async function followAlways(
  client: KubeClient,
  query: ListQuery,
  listener: { readonly signal: AbortSignal; readonly onEvent: (event: FollowEvent) => void | Promise<void> },
): Promise<void> {
  const { signal, onEvent } = listener;
  while (!signal.aborted) {
    try {
      for await (const event of follow(client, query, signal)) await onEvent(event);
    } catch (error) {
      console.error(`${query.kind}: ${(error as Error).message}`);
    }
    await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
  }
}
