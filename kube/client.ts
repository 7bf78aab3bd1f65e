import type { KubeConnection } from "./connection";
import { Discovery, versionPath } from "./discovery";
import { isNotFound } from "./errors";
import { Transport, type Request } from "./transport";
import type {
  DeleteMode,
  KindRef,
  KubeList,
  KubeObject,
  ListQuery,
  ObjectRef,
  ResourceType,
  WatchEvent,
  WriteMode,
} from "./types";
import { watchEvents } from "./watch";

const PAGE = 500;

/**
 * Reads and writes objects of one cluster. Every call throws KubeStatusError when the server refuses,
 * KubeConnectionError when it cannot be reached (after bounded retries of what may be repeated),
 * UnknownKindError when it does not serve the kind, and AbortedError when `signal` fires.
 */
export class KubeClient {
  private readonly transport: Transport;
  private readonly discovery: Discovery;

  constructor(readonly connection: KubeConnection) {
    this.transport = new Transport(connection);
    this.discovery = new Discovery(this.transport);
  }

  /** How the server serves a kind. */
  resourceType(ref: KindRef): Promise<ResourceType> {
    return this.discovery.find(ref);
  }

  async get(ref: ObjectRef, signal?: AbortSignal): Promise<KubeObject> {
    const path = await this.objectPath(ref);
    return this.json({ method: "GET", path, idempotent: true }, signal);
  }

  /** As `get`, but undefined if there is no such object. */
  async find(ref: ObjectRef, signal?: AbortSignal): Promise<KubeObject | undefined> {
    try {
      return await this.get(ref, signal);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** All that match, read page by page; items carry `apiVersion` and `kind`. */
  async list(query: ListQuery, signal?: AbortSignal): Promise<KubeList> {
    const items: KubeObject[] = [];
    for (let next = ""; ;) {
      const page = { limit: String(PAGE), ...(next && { continue: next }) };
      const path = await this.collectionPath(query, page);
      const list = await this.json<KubeList & { metadata: { continue?: string } }>(
        { method: "GET", path, idempotent: true },
        signal,
      );
      for (const item of list.items) items.push({ ...item, apiVersion: query.apiVersion, kind: query.kind });
      next = list.metadata.continue ?? "";
      if (!next) return { metadata: list.metadata, items };
    }
  }

  /** Fails with reason AlreadyExists if there is one. `metadata.namespace` defaults to `default`. */
  async create(object: KubeObject, mode: WriteMode): Promise<KubeObject> {
    const path = await this.collectionPath(inNamespaceOf(object), writeQuery(mode));
    return this.json({ method: "POST", path, body: JSON.stringify(object), idempotent: false });
  }

  /** Creates below an object: `binding`, `token`, `eviction`. */
  async createSubresource(ref: ObjectRef, body: KubeObject): Promise<KubeObject> {
    const path = await this.objectPath(ref);
    return this.json({ method: "POST", path, body: JSON.stringify(body), idempotent: false });
  }

  /** Replaces the whole object; with `metadata.resourceVersion`, only if it is still that one. */
  async replace(object: KubeObject, mode: WriteMode): Promise<KubeObject> {
    const path = await this.objectPath(refOf(object), writeQuery(mode));
    return this.json({ method: "PUT", path, body: JSON.stringify(object), idempotent: false });
  }

  /** Server-side apply: creates or changes, owning exactly the fields given. */
  async apply(object: KubeObject, mode: WriteMode, subresource?: string): Promise<KubeObject> {
    const ref = { ...refOf(object), ...(subresource !== undefined && { subresource }) };
    const path = await this.objectPath(ref, writeQuery(mode));
    return this.json({
      method: "PATCH",
      path,
      body: JSON.stringify(object),
      contentType: "application/apply-patch+yaml",
      idempotent: true,
    });
  }

  /** JSON merge patch (RFC 7386): null removes a field, arrays are replaced. */
  async mergePatch(ref: ObjectRef, patch: object, mode: WriteMode): Promise<KubeObject> {
    const path = await this.objectPath(ref, writeQuery(mode));
    return this.json({
      method: "PATCH",
      path,
      body: JSON.stringify(patch),
      contentType: "application/merge-patch+json",
      idempotent: true,
    });
  }

  /** JSON patch (RFC 6902). */
  async jsonPatch(ref: ObjectRef, operations: readonly object[]): Promise<KubeObject> {
    const path = await this.objectPath(ref);
    return this.json({
      method: "PATCH",
      path,
      body: JSON.stringify(operations),
      contentType: "application/json-patch+json",
      idempotent: false,
    });
  }

  /**
   * Asks for deletion and returns at once: undefined if the object is gone, else the object as it is while its
   * finalizers and grace period last.
   */
  async delete(ref: ObjectRef, mode: DeleteMode): Promise<KubeObject | undefined> {
    const body = {
      apiVersion: "v1",
      kind: "DeleteOptions",
      propagationPolicy: mode.propagation,
      ...(mode.gracePeriodSeconds !== undefined && { gracePeriodSeconds: mode.gracePeriodSeconds }),
      ...(mode.uid !== undefined && { preconditions: { uid: mode.uid } }),
    };
    const path = await this.objectPath(ref);
    const left = await this.json({ method: "DELETE", path, body: JSON.stringify(body), idempotent: true });
    return left.kind === "Status" || left.metadata.deletionTimestamp === undefined ? undefined : left;
  }

  /** One watch, from a list's resourceVersion until the server ends it or the signal fires. `follow` is what one usually wants. */
  async *watch(query: ListQuery, resourceVersion: string, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    const path = await this.collectionPath(query, { watch: "true", resourceVersion });
    const response = await this.transport.stream({ method: "GET", path, idempotent: true }, signal);
    yield* watchEvents(response, this.connection.server);
  }

  /** Anything else, by path (`/version`, `/readyz`, `/api/v1/…/log`): the body as text. */
  raw(request: Request, signal?: AbortSignal): Promise<string> {
    return this.transport.send(request, signal);
  }

  /** Closes idle connections; needed only before a process that must end at once. */
  close(): void {
    this.transport.close();
  }

  private async json<T = KubeObject>(request: Request, signal?: AbortSignal): Promise<T> {
    return JSON.parse(await this.transport.send(request, signal)) as T;
  }

  private async collectionPath(
    query: ListQuery,
    parameters: Readonly<Record<string, string>>,
  ): Promise<string> {
    const type = await this.discovery.find(query);
    const scope =
      type.namespaced && query.namespace ? `/namespaces/${encodeURIComponent(query.namespace)}` : "";
    const all = new URLSearchParams({
      ...(query.labelSelector !== undefined && { labelSelector: query.labelSelector }),
      ...(query.fieldSelector !== undefined && { fieldSelector: query.fieldSelector }),
      ...parameters,
    });
    return withQuery(`${versionPath(type.apiVersion)}${scope}/${type.plural}`, all);
  }

  private async objectPath(
    ref: ObjectRef,
    parameters: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const type = await this.discovery.find(ref);
    const scope = type.namespaced ? `/namespaces/${encodeURIComponent(ref.namespace ?? "default")}` : "";
    const below = ref.subresource === undefined ? "" : `/${ref.subresource}`;
    const path = `${versionPath(type.apiVersion)}${scope}/${type.plural}/${encodeURIComponent(ref.name)}${below}`;
    return withQuery(path, new URLSearchParams(parameters));
  }
}

/** The reference of an object that has a name. */
export function refOf(object: KubeObject): ObjectRef {
  const { name = "", namespace } = object.metadata;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    name,
    ...(namespace !== undefined && { namespace }),
  };
}

function inNamespaceOf(object: KubeObject): ListQuery {
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    namespace: object.metadata.namespace ?? "default",
  };
}

function writeQuery(mode: WriteMode): Record<string, string> {
  return {
    fieldManager: mode.fieldManager,
    ...(mode.force && { force: "true" }),
    ...(mode.dryRun && { dryRun: "All" }),
  };
}

function withQuery(path: string, parameters: URLSearchParams): string {
  const query = parameters.toString();
  return query ? `${path}?${query}` : path;
}
