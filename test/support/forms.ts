import { formatDiagnostics, type JsonObject } from "../../lib";
import { meshes, type ConfiguredMesh, type Intent, type MeshAdapter } from "../../mesh";
import { capabilityIds, type CapabilityId } from "../../mesh/capability/ids";
import { ableTarget } from "../../mesh/who-can";

/** One form of one mesh. */
export interface Form {
  readonly name: string;
  readonly kind: string;
  readonly adapter: MeshAdapter;
  readonly options: JsonObject;
}

/** Every form of every mesh, as the registry has them. */
export const forms: readonly Form[] = Object.entries<MeshAdapter>(meshes).flatMap(([kind, adapter]) =>
  adapter.forms.map(({ title, options }) => ({ name: `${adapter.title}, ${title}`, kind, adapter, options })),
);

/** A mesh of a form, its options saying what it must know of an intent's services. */
export function meshFor({ kind, adapter, options }: Form, { services }: Intent): ConfiguredMesh {
  const probes = Object.fromEntries(Object.keys(services ?? {}).map((key) => [key, ["/healthz"]]));
  const more: Readonly<Record<string, JsonObject>> = {
    linkerd: { webhooks: { certManager: { issuer: "webhooks" } }, probes },
    "gateway-api": { security: "elsewhere" },
  };
  const configured = adapter.configure({ ...options, ...more[kind] }, []);
  if (!configured.ok) throw new Error(formatDiagnostics(configured.diagnostics));
  return configured.value;
}

/** What a form can do on a cluster that has everything. */
export function capabilitiesOf(form: Form): CapabilityId[] {
  const table = meshFor(form, {}).capabilities(ableTarget);
  return capabilityIds.filter((id) => table[id].kind !== "none");
}
