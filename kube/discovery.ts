import { isNotFound, UnknownKindError } from "./errors";
import type { Transport } from "./transport";
import type { KindRef, ResourceType } from "./types";

interface ApiResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** Which kinds the server serves: asked once for each group and version, and again when a kind is unknown. */
export class Discovery {
  private readonly versions = new Map<string, Promise<readonly ResourceType[]>>();

  constructor(private readonly transport: Transport) {}

  /** Throws UnknownKindError. */
  async find(ref: KindRef): Promise<ResourceType> {
    const known = this.versions.get(ref.apiVersion);
    const found = known && pick(await known, ref);
    if (found) return found;
    const fresh = pick(await this.read(ref.apiVersion), ref);
    if (fresh) return fresh;
    throw new UnknownKindError(ref);
  }

  private read(apiVersion: string): Promise<readonly ResourceType[]> {
    const asked = this.ask(apiVersion);
    this.versions.set(apiVersion, asked);
    asked.then(
      (types) => types.length === 0 && this.versions.delete(apiVersion),
      () => this.versions.delete(apiVersion),
    );
    return asked;
  }

  private async ask(apiVersion: string): Promise<readonly ResourceType[]> {
    try {
      const body = await this.transport.send({
        method: "GET",
        path: versionPath(apiVersion),
        idempotent: true,
      });
      const { resources = [] } = JSON.parse(body) as { resources?: readonly ApiResource[] };
      return resources
        .filter((r) => !r.name.includes("/"))
        .map((r) => ({ apiVersion, kind: r.kind, plural: r.name, namespaced: r.namespaced, verbs: r.verbs }));
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  }
}

/** `/api/v1` or `/apis/<group>/<version>`. */
export function versionPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function pick(types: readonly ResourceType[], ref: KindRef): ResourceType | undefined {
  return types.find((type) => type.kind === ref.kind);
}
