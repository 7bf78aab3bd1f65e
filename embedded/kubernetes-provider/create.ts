import {
  isStatus,
  KubeConnectionError,
  KubeStatusError,
  sleep,
  UnknownKindError,
  type KubeObject,
} from "../../kube";
import { hasUnknown, plain, type CreateRequest, type StateResult } from "../plugin";
import { Handling } from "./annotations";
import { AwaitError } from "./await";
import { kindOf } from "./kinds";
import { CREATOR } from "./managed-fields";
import { newFieldManager } from "./names";
import { objectId } from "./object-id";
import { initFailed, settle, withConflictHelp } from "./outcome";
import { createPatch } from "./patch";
import type { Session } from "./session";
import { sealed, stateOf, type Memory } from "./state";

/** Milliseconds between attempts while the kind or namespace is not there yet; made in the same update, it soon will be. */
const PAUSES = [100, 200, 400, 800, 1500, 3000, 5000, 8000, 10_000];

const EXISTS_HELP = `

The resource already exists in the cluster. This can happen when:

  - Renaming a Pulumi resource: use an alias to preserve the identity,
    or use deleteBeforeReplace if the resource needs replacement.
  - Managing an existing resource: use a Patch resource (e.g. NamespacePatch)
    to manage specific fields without owning the resource lifecycle.
  - Adopting a resource into Pulumi: use \`pulumi import\`. Note that
    protected resources (e.g. kube-system) cannot be deleted on destroy.
  - Intentional upsert: set upsertExistingObjects on the provider to allow
    server-side apply to update existing objects on create.`;

export async function createObject(session: Session, request: CreateRequest): Promise<StateResult> {
  const { properties, preview, log } = request;
  const kind = kindOf(request.type, properties);
  // What cannot be tried yet is shown as it was asked for.
  const asAsked = { id: "", properties: kind.kind === "Secret" ? sealed(properties) : properties };
  if (preview && (kind.patch || !session.known || hasUnknown(properties))) return asAsked;
  const memory = { fieldManager: newFieldManager(), initialApiVersion: kind.apiVersion };
  const handling = new Handling(plain(properties));
  if (kind.patch) return createPatch(session, { ...request, memory, handling });
  const object = plain(properties) as unknown as KubeObject;
  let written: KubeObject;
  try {
    written = await retrying(request, () => write(session, { object, preview, handling, memory }));
  } catch (error) {
    if (preview && isPremature(error)) return asAsked;
    throw createFailed(request, error, memory);
  }
  log.status("info", "");
  if (preview) {
    // The server's status of an object that it did not make says nothing.
    return { id: "", properties: stateOf(withoutStatus(written), properties, memory) };
  }
  return awaited(session, { request, written, handling, memory });
}

function withoutStatus(object: KubeObject): KubeObject {
  return Object.fromEntries(
    Object.entries(object).filter(([key]) => key !== "status"),
  ) as unknown as KubeObject;
}

async function awaited(
  session: Session,
  made: { request: CreateRequest; written: KubeObject; handling: Handling; memory: Memory },
): Promise<StateResult> {
  const { request, written, handling, memory } = made;
  const state = (object: KubeObject) => ({
    id: objectId(object),
    properties: stateOf(object, request.properties, memory),
  });
  try {
    return state(await settle({ ...request, client: session.client, object: written, handling }));
  } catch (error) {
    const what = `resource "${request.urn}" was successfully created, but the Kubernetes API server reported that it`;
    throw initFailed({ error, what }, state(error instanceof AwaitError ? error.object : written));
  }
}

interface Attempt {
  readonly object: KubeObject;
  readonly preview: boolean;
  readonly handling: Handling;
  readonly memory: Memory;
}

function write(session: Session, { object, preview, handling, memory }: Attempt): Promise<KubeObject> {
  const { client, config } = session;
  if (!config.upsert || object.metadata.name === undefined) {
    return client.create(object, { fieldManager: CREATOR, dryRun: preview });
  }
  const force = handling.patchForce || config.patchForce;
  return client.apply(object, { fieldManager: memory.fieldManager, force, dryRun: preview });
}

/** Tries again while what the object needs is not there yet. */
async function retrying(request: CreateRequest, run: () => Promise<KubeObject>): Promise<KubeObject> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      const awaited = error instanceof UnknownKindError || isStatus(error, "NotFound");
      const pause = PAUSES[attempt];
      const missing = request.preview && awaited;
      if (!missing && error instanceof KubeStatusError) {
        request.log.status("info", `Retry #${attempt}; creation failed: ${error.message}`);
      }
      if (!awaited || request.preview || pause === undefined || request.signal.aborted) throw error;
      await sleep(pause, request.signal);
    }
  }
}

/** Failures that a preview cannot judge: what is missing may be made by then, what exists may be replaced by then. */
function isPremature(error: unknown): boolean {
  const reasons = ["NotFound", "AlreadyExists", "Forbidden"];
  return error instanceof UnknownKindError || reasons.some((reason) => isStatus(error, reason));
}

function createFailed(request: CreateRequest, error: unknown, memory: Memory): unknown {
  if (!(error instanceof Error) || error instanceof KubeConnectionError) return error;
  const cause = withConflictHelp(error, memory.fieldManager) as Error;
  const help = isStatus(error, "AlreadyExists") ? EXISTS_HELP : "";
  const what = `resource "${request.urn}" was not successfully created by the Kubernetes API server`;
  return new Error(`${what}: ${cause.message}${help}`, { cause: error });
}
