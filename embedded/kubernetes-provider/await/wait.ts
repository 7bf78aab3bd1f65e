import { follow, type FollowEvent, type KubeClient, type KubeObject, type ListQuery } from "../../../kube";
import type { ResourceLog } from "../../plugin";
import { podTrouble } from "./pod";
import { inNamespace, warning, type Assessment, type Awaiter, type StatusLine, type View } from "./types";

/** One object to be waited for. */
export interface Waiting {
  readonly client: KubeClient;
  readonly object: KubeObject;
  readonly awaiter: Awaiter;
  readonly log: ResourceLog;
  /** Fires when the engine cancels. */
  readonly signal: AbortSignal;
  readonly timeoutSeconds: number;
}

/** Waiting ended without success. `problems` says why, one line each; `object` is how it was last seen. */
export class AwaitError extends Error {
  override readonly name = "AwaitError";

  constructor(
    message: string,
    readonly problems: readonly string[],
    readonly object: KubeObject,
  ) {
    super(message);
  }
}

const POD_CHECK_MS = 10_000;

/** Waits for an object to become ready, telling how it goes. Returns it as last seen; throws AwaitError. */
export async function waitUntilReady(waiting: Waiting): Promise<KubeObject> {
  const tell = teller(waiting.log);
  if (waiting.awaiter.start) tell([{ severity: "info", text: waiting.awaiter.start }]);
  const seen = new Seen(waiting);
  const outcome = await seen.settled(tell);
  const name = waiting.object.metadata.name ?? "";
  if (outcome === "ready") {
    if (waiting.awaiter.done) tell([{ severity: "info", text: waiting.awaiter.done }]);
    return seen.view.object;
  }
  const messages = {
    timeout: `'${name}' timed out waiting to be Ready`,
    cancelled: `Resource operation was cancelled for '${name}'`,
    failed: `Resource '${name}' was created but failed to initialize`,
    deleted: `Resource '${name}' was deleted while waiting for it to be Ready`,
  };
  const pods = await podTroubles(waiting, seen.view.object);
  throw new AwaitError(messages[outcome], [...(seen.assessment.problems ?? []), ...pods], seen.view.object);
}

/** Judges an object as it is now; throws AwaitError if it is not ready. */
export async function assessOnce(waiting: Omit<Waiting, "timeoutSeconds">): Promise<void> {
  const { client, object, awaiter, log } = waiting;
  const query = awaiter.related?.(object);
  const related = query ? (await client.list(query)).items : [];
  const assessment = awaiter.assess({ object, related });
  if (assessment.ready) {
    if (awaiter.done) log.status("info", awaiter.done);
    return;
  }
  const pods = await podTroubles(waiting, object);
  const message = `Resource '${object.metadata.name ?? ""}' was created but failed to initialize`;
  throw new AwaitError(message, [...(assessment.problems ?? []), ...pods], object);
}

type Outcome = "ready" | "timeout" | "cancelled" | "failed" | "deleted";

/** What has been seen of the object and those related to it. */
class Seen {
  view: View;
  assessment: Assessment;
  private readonly related = new Map<string, KubeObject>();

  constructor(private readonly waiting: Waiting) {
    this.view = { object: waiting.object, related: [] };
    this.assessment = waiting.awaiter.assess(this.view);
  }

  /** Watches until one of the outcomes is there. */
  async settled(tell: (lines: readonly StatusLine[]) => void): Promise<Outcome> {
    const { signal, awaiter, object, client } = this.waiting;
    const stop = new AbortController();
    try {
      return await new Promise<Outcome>((resolve, reject) => {
        const judge = () => {
          this.assessment = awaiter.assess(this.view);
          tell(this.assessment.status ?? []);
          if (this.assessment.ready) resolve("ready");
          else if (this.assessment.failed) resolve("failed");
        };
        const watch = (query: ListQuery, note: (event: FollowEvent) => void) =>
          void consume(follow(client, query, stop.signal), (event) => (note(event), judge())).catch(reject);
        const timer = setTimeout(() => resolve("timeout"), this.waiting.timeoutSeconds * 1000);
        const pods = setInterval(() => void this.tellPods(tell), POD_CHECK_MS);
        stop.signal.addEventListener("abort", () => (clearTimeout(timer), clearInterval(pods)));
        signal.addEventListener("abort", () => resolve("cancelled"), { signal: stop.signal });
        judge();
        if (this.assessment.ready) return;
        if (signal.aborted) return resolve("cancelled");
        watch(self(object), (event) => this.noteSelf(event, () => resolve("deleted")));
        const query = awaiter.related?.(object);
        if (query) watch(query, (event) => this.noteRelated(event));
      });
    } finally {
      stop.abort();
    }
  }

  private noteSelf(event: FollowEvent, deleted: () => void): void {
    if (event.type === "SYNCED" || event.object.metadata.uid !== this.waiting.object.metadata.uid) return;
    if (event.type === "DELETED") return deleted();
    // List items know neither their version nor kind.
    const { apiVersion, kind } = this.waiting.object;
    this.view = { ...this.view, object: { ...event.object, apiVersion, kind } };
  }

  private noteRelated(event: FollowEvent): void {
    if (event.type === "SYNCED") return;
    const key = event.object.metadata.uid ?? "";
    if (event.type === "DELETED") this.related.delete(key);
    else this.related.set(key, event.object);
    this.view = { ...this.view, related: [...this.related.values()] };
  }

  private async tellPods(tell: (lines: readonly StatusLine[]) => void): Promise<void> {
    tell((await podTroubles(this.waiting, this.view.object)).map(warning));
  }
}

async function consume(
  events: AsyncIterable<FollowEvent>,
  note: (event: FollowEvent) => void,
): Promise<void> {
  for await (const event of events) note(event);
}

function self(object: KubeObject): ListQuery {
  const { apiVersion, kind, metadata } = object;
  return { apiVersion, kind, fieldSelector: `metadata.name=${metadata.name ?? ""}`, ...inNamespace(object) };
}

/** What the pods behind the object complain of. Explaining must not fail what it explains. */
async function podTroubles(
  { client, awaiter }: Pick<Waiting, "client" | "awaiter">,
  object: KubeObject,
): Promise<string[]> {
  const query = awaiter.pods?.(object);
  if (!query) return [];
  try {
    return (await client.list(query)).items.flatMap((pod) => podTrouble(pod) ?? []);
  } catch {
    return [];
  }
}

/** Tells each line once until another one comes between. */
function teller(log: ResourceLog): (lines: readonly StatusLine[]) => void {
  const told = new Set<string>();
  return (lines) => {
    for (const { severity, text } of lines) {
      if (told.has(text)) continue;
      told.add(text);
      log.status(severity, text);
    }
  };
}
