import { isNotFound, UnknownKindError, type KubeObject, type ObjectRef } from "../../kube";
import { plain, type CreateRequest, type DeleteRequest, type StateResult } from "../plugin";
import type { Handling } from "./annotations";
import { objectId, parseId } from "./object-id";
import { withConflictHelp } from "./outcome";
import type { Session } from "./session";
import { stateOf, type Memory } from "./state";

/** Changes fields of an object that is there already. */
export async function createPatch(
  session: Session,
  request: CreateRequest & { readonly memory: Memory; readonly handling: Handling },
): Promise<StateResult> {
  const { client, config } = session;
  const { properties, handling, log } = request;
  const fieldManager = handling.patchFieldManager ?? request.memory.fieldManager;
  const memory = { ...request.memory, fieldManager };
  const object = plain(properties) as unknown as KubeObject;
  const { apiVersion, kind, metadata } = object;
  const target = { apiVersion, kind, ...parseId(objectId(object)) };
  if (!(await client.find(target))) {
    const where = metadata.namespace ? ` in namespace "${metadata.namespace}"` : "";
    throw new Error(
      `cannot patch ${kind} "${metadata.name ?? ""}"${where}: it does not exist; ` +
        "create it first, or use the plain resource instead of the patch",
    );
  }
  const force = handling.patchForce || config.patchForce;
  let live: KubeObject;
  try {
    live = await client.apply(object, { fieldManager, force });
  } catch (error) {
    throw withConflictHelp(error, fieldManager);
  }
  log.status("info", "");
  log.status("info", "");
  return { id: objectId(live), properties: stateOf(live, properties, memory) };
}

/** Gives the fields back: an apply that wants none of them. The object stays. */
export async function deletePatch(
  session: Session,
  request: DeleteRequest & { readonly ref: ObjectRef; readonly memory: Memory },
): Promise<void> {
  const { apiVersion, kind, name, namespace } = request.ref;
  const empty = { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
  try {
    if (!(await session.client.find(request.ref))) return;
    await session.client.apply(empty, { fieldManager: request.memory.fieldManager, force: true });
  } catch (error) {
    if (!isNotFound(error) && !(error instanceof UnknownKindError)) throw error;
  }
}
