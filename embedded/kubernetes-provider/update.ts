import type { KubeClient, KubeObject, ObjectRef } from "../../kube";
import { hasUnknown, plain, type StateResult, type UpdateRequest } from "../plugin";
import { Handling } from "./annotations";
import { AwaitError } from "./await";
import { isCrd, kindOf } from "./kinds";
import { hasEarlierManagers, takeOver } from "./managed-fields";
import { objectId, parseId } from "./object-id";
import { initFailed, settle, withConflictHelp } from "./outcome";
import type { Session } from "./session";
import { memoryOf, stateOf } from "./state";

export async function updateObject(session: Session, request: UpdateRequest): Promise<StateResult> {
  const { id, olds, news, preview } = request;
  if (preview && (!session.known || hasUnknown(news))) return { id, properties: news };
  const { client } = session;
  const kind = kindOf(request.type, news);
  const ref: ObjectRef = { apiVersion: kind.apiVersion, kind: kind.kind, ...parseId(id) };
  const memory = memoryOf(olds, kind.apiVersion);
  const state = (object: KubeObject) => ({ id, properties: stateOf(object, news, memory) });
  try {
    const change = { ref, request, fieldManager: memory.fieldManager, patch: kind.patch };
    const written = await write(session, change);
    if (preview) return state(written);
    const handling = new Handling(plain(news));
    return state(
      await (kind.patch
        ? unawaited(request, written)
        : settle({ ...request, client, object: written, handling })),
    );
  } catch (error) {
    const live = error instanceof AwaitError ? error.object : await lastSeen(client, ref);
    if (preview || !live) throw error;
    throw initFailed(
      { error, what: `the Kubernetes API server reported that "${objectId(live)}"` },
      state(live),
    );
  }
}

function unawaited(request: UpdateRequest, written: KubeObject): KubeObject {
  request.log.status("info", "");
  return written;
}

interface Change {
  readonly ref: ObjectRef;
  readonly request: UpdateRequest;
  readonly fieldManager: string;
  readonly patch: boolean;
}

async function write(
  { client, config }: Session,
  { ref, request, fieldManager, patch }: Change,
): Promise<KubeObject> {
  const { news, preview } = request;
  const object = plain(news) as unknown as KubeObject;
  const live = await client.get(ref);
  const mode = { fieldManager, dryRun: preview };
  if (isCrd(object) && !patch) {
    // Replaced as a whole: its schemas are trees whose fields no other manager is meant to share.
    const { resourceVersion = "" } = live.metadata;
    return client.replace({ ...object, metadata: { ...object.metadata, resourceVersion } }, mode);
  }
  const handling = new Handling(plain(news));
  // A preview cannot take fields over for good, so it takes them by force.
  const premature = preview && !patch && hasEarlierManagers(live);
  const force = handling.patchForce || config.patchForce || premature;
  const operations = preview || patch ? undefined : takeOver(live, fieldManager);
  if (operations) await client.jsonPatch(ref, operations);
  try {
    return await client.apply(object, { ...mode, force });
  } catch (error) {
    throw withConflictHelp(error, fieldManager);
  }
}

/** How the object is now, if that can be known at all. */
async function lastSeen(client: KubeClient, ref: ObjectRef): Promise<KubeObject | undefined> {
  try {
    return await client.find(ref);
  } catch {
    return undefined;
  }
}
