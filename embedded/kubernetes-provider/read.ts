import { UnknownKindError, type KubeObject } from "../../kube";
import {
  isMap,
  markLike,
  plain,
  type PlainMap,
  type ReadRequest,
  type ReadResult,
  type ValueMap,
} from "../plugin";
import { Handling } from "./annotations";
import { assessOnce, builtInAwaiter } from "./await";
import { isSecret, kindOf } from "./kinds";
import { objectId, parseId } from "./object-id";
import { initFailed } from "./outcome";
import type { Session } from "./session";
import { memoryOf, restricted, sealed, stateOf } from "./state";

/** The object as it is now, and its inputs as far as they drifted. Without a state it is an import or a lookup. */
export async function readObject(session: Session, request: ReadRequest): Promise<ReadResult | undefined> {
  const { id, properties, log } = request;
  const oldInputs = Object.keys(request.inputs).length > 0 ? request.inputs : mapIn(properties["__inputs"]);
  const kind = kindOf(request.type, Object.keys(oldInputs).length > 0 ? oldInputs : properties);
  const live = await find(session, { apiVersion: kind.apiVersion, kind: kind.kind, ...parseId(id) });
  if (!live) return undefined;
  const imported = Object.keys(properties).length === 0;
  const found =
    imported && Object.keys(oldInputs).length === 0
      ? importedInputs(live)
      : restricted(asMap(live), plain(oldInputs));
  const marked = markLike(found, [oldInputs]);
  const inputs = isSecret(kind) ? sealed(marked) : marked;
  const state = { id, inputs, properties: stateOf(live, inputs, memoryOf(properties, kind.apiVersion)) };
  const handling = new Handling(plain(inputs));
  const awaiter =
    kind.patch || handling.skipAwait || handling.waitFor !== undefined ? undefined : builtInAwaiter(kind);
  if (!awaiter || imported) return state;
  try {
    await assessOnce({ client: session.client, object: live, awaiter, log, signal: request.signal });
  } catch (error) {
    throw initFailed({ error, what: `the Kubernetes API server reported that "${objectId(live)}"` }, state);
  }
  if (awaiter.done) log.status("info", "");
  return state;
}

async function find(
  session: Session,
  ref: Parameters<Session["client"]["find"]>[0],
): Promise<KubeObject | undefined> {
  try {
    return await session.client.find(ref);
  } catch (error) {
    // Without its definition there is no such object any more.
    if (error instanceof UnknownKindError) return undefined;
    throw error;
  }
}

/** What kubectl was told, if it made the object; else no more than what identifies it. */
function importedInputs(live: KubeObject): PlainMap {
  const { apiVersion, kind, metadata } = live;
  const { lastApplied } = new Handling(asMap(live));
  if (lastApplied !== undefined) return JSON.parse(lastApplied) as PlainMap;
  const { name = "", namespace } = metadata;
  return { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
}

function asMap(object: KubeObject): PlainMap {
  return object as unknown as PlainMap;
}

function mapIn(value: ValueMap[string] | undefined): ValueMap {
  return isMap(value) ? value : {};
}
