import type { KubeClient } from "./client";
import { KubeConnectionError, KubeStatusError } from "./errors";
import { delayBefore, sleep } from "./retry";
import type { KubeObject, ListQuery, WatchEvent } from "./types";

/** What `follow` yields: every change, and `SYNCED` each time the list is complete. */
export type FollowEvent = WatchEvent | { readonly type: "SYNCED" };

/**
 * Everything that matches, now and from now on, until the signal fires: a list, then a watch, listed again
 * whenever the watch breaks. Objects that went missing meanwhile come as DELETED, known ones are not repeated.
 */
export async function* follow(
  client: KubeClient,
  query: ListQuery,
  signal: AbortSignal,
): AsyncGenerator<FollowEvent> {
  const known = new Map<string, KubeObject>();
  for (let failures = 0; !signal.aborted;) {
    try {
      const list = await client.list(query, signal);
      yield* difference(known, list.items);
      yield { type: "SYNCED" };
      for await (const event of client.watch(query, list.metadata.resourceVersion ?? "", signal)) {
        failures = 0;
        remember(known, event);
        yield event;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!passing(error)) throw error;
      await sleep(delayBefore(error, Math.min(failures++, 6)), signal);
    }
  }
}

function passing(error: unknown): boolean {
  if (error instanceof KubeConnectionError) return true;
  return error instanceof KubeStatusError && (error.code === 410 || error.code === 429 || error.code >= 500);
}

function* difference(known: Map<string, KubeObject>, items: readonly KubeObject[]): Generator<WatchEvent> {
  const present = new Set(items.map(key));
  for (const [id, object] of known) {
    if (present.has(id)) continue;
    known.delete(id);
    yield { type: "DELETED", object };
  }
  for (const object of items) {
    const before = known.get(key(object));
    known.set(key(object), object);
    if (!before) yield { type: "ADDED", object };
    else if (before.metadata.resourceVersion !== object.metadata.resourceVersion)
      yield { type: "MODIFIED", object };
  }
}

function remember(known: Map<string, KubeObject>, event: WatchEvent): void {
  if (event.type === "DELETED") known.delete(key(event.object));
  else known.set(key(event.object), event.object);
}

function key({ metadata }: KubeObject): string {
  return metadata.uid ?? `${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
}
