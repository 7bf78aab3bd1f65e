import type { CapabilityId } from "./capability/ids";
import type { CapabilityTable } from "./capability/types";
import { meshes } from "./registry";
import type { MeshAdapter, Target } from "./types";

/** A cluster that has all that a mesh may want of one: what a mesh cannot do here, it cannot do. */
export const ableTarget: Target = {
  cluster: {
    kubernetesVersion: "1.36.3",
    proxy: "mesh",
    webhooks: { kind: "service" },
    loadBalancer: true,
    internalLoadBalancer: { "example.com/internal": "true" },
    gatewayApi: { owner: "us" },
    netAdmin: true,
  },
};

/** One form of one mesh, and what it can do on a cluster that has everything. */
export interface FormTable {
  readonly kind: string;
  /** `Istio (ambient)`; the mesh's own title where it has one form only. */
  readonly title: string;
  readonly table: CapabilityTable;
}

let tables: readonly FormTable[] | undefined;

/** Every form of every mesh, in the order of the registry. */
export function formTables(): readonly FormTable[] {
  tables ??= Object.entries<MeshAdapter>(meshes).flatMap(([kind, adapter]) => tablesOf(kind, adapter));
  return tables;
}

function tablesOf(kind: string, adapter: MeshAdapter): FormTable[] {
  return adapter.forms.flatMap((form) => {
    const mesh = adapter.configure(form.options, []);
    if (!mesh.ok) return [];
    const name = adapter.forms.length === 1 ? adapter.title : `${adapter.title} (${form.title})`;
    return [{ kind, title: name, table: mesh.value.capabilities(ableTarget) }];
  });
}

/** The forms of meshes that have a capability, by their titles. */
export function whoCan(id: CapabilityId): string[] {
  return formTables()
    .filter(({ table }) => table[id].kind !== "none")
    .map(({ title }) => title);
}
