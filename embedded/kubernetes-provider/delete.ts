import { follow, isNotFound, UnknownKindError, type KubeObject, type ObjectRef } from "../../kube";
import { plain, type DeleteRequest } from "../plugin";
import { Handling } from "./annotations";
import { oldInputsOf } from "./diff";
import { kindOf } from "./kinds";
import { parseId } from "./object-id";
import { deletePatch } from "./patch";
import type { Session } from "./session";
import { memoryOf } from "./state";

const TIMEOUT_SECONDS = 600;

/** Deletes and waits until it is gone. What is not there any more is deleted. */
export async function deleteObject(session: Session, request: DeleteRequest): Promise<void> {
  const inputs = oldInputsOf({ oldInputs: request.oldInputs, olds: request.properties });
  const kind = kindOf(request.type, inputs);
  const ref: ObjectRef = { apiVersion: kind.apiVersion, kind: kind.kind, ...parseId(request.id) };
  const memory = memoryOf(request.properties, kind.apiVersion);
  if (kind.patch) return deletePatch(session, { ...request, ref, memory });
  const handling = new Handling(plain(inputs));
  let left: KubeObject | undefined;
  try {
    left = await session.client.delete(ref, { propagation: handling.deletionPropagation });
  } catch (error) {
    if (isNotFound(error) || error instanceof UnknownKindError) return;
    throw error;
  }
  if (handling.skipAwait) request.log.status("info", "Skipping await logic");
  else if (left) await gone(session, { request, ref, handling, left });
  request.log.status("info", "");
}

interface Leaving {
  readonly request: DeleteRequest;
  readonly ref: ObjectRef;
  readonly handling: Handling;
  readonly left: KubeObject;
}

async function gone(session: Session, { request, ref, handling, left }: Leaving): Promise<void> {
  const { apiVersion, kind, name, namespace } = ref;
  const query = {
    apiVersion,
    kind,
    fieldSelector: `metadata.name=${name}`,
    ...(namespace !== undefined && { namespace }),
  };
  const seconds = request.timeout || handling.timeoutSeconds || TIMEOUT_SECONDS;
  const limit = AbortSignal.timeout(seconds * 1000);
  request.log.status("info", "Resource scheduled for deletion");
  let last = left;
  let present = false;
  try {
    for await (const event of follow(session.client, query, AbortSignal.any([request.signal, limit]))) {
      if (event.type === "SYNCED") {
        if (!present) return;
        continue;
      }
      if (event.object.metadata.uid !== left.metadata.uid) continue;
      if (event.type === "DELETED") return;
      present = true;
      last = event.object;
    }
  } catch (error) {
    if (error instanceof UnknownKindError || isNotFound(error)) return;
    throw error;
  }
  if (request.signal.aborted) throw new Error(`Resource operation was cancelled for '${name}'`);
  const finalizers = last.metadata.finalizers ?? [];
  if (finalizers.length > 0) {
    request.log.message("warning", `finalizers might be preventing deletion (${finalizers.join(", ")})`);
  }
  throw new Error(
    `'${request.id}' was not deleted within ${seconds} seconds; see what its finalizers wait for, then try again`,
  );
}
