import { aksIstio } from "../../../mesh/adapters/aks-istio";
import { cloudServiceMesh } from "../../../mesh/adapters/cloud-service-mesh";
import { capabilityIds } from "../../../mesh/capability/ids";
import { checkPlan } from "../../../mesh/plan/check";
import type { MeshAdapter } from "../../../mesh/types";
import { checkAgainstCrds, whereCrdsAre } from "../../support/crds";
import { samples } from "../../support/intents";
import { valid, value } from "./intents";
import { cluster, objectsOf } from "./managed";

/** Kinds that the add-on refuses: learn.microsoft.com/azure/aks/istio-about. */
const BLOCKED = [
  "ProxyConfig",
  "WorkloadEntry",
  "WorkloadGroup",
  "IstioOperator",
  "WasmPlugin",
  "EnvoyFilter",
];
/** What Traffic Director does not read: cloud.google.com/service-mesh/docs/supported-features-managed. */
const UNREAD = [
  "localityLbSetting",
  "MESH_INTERNAL",
  "DNS_ROUND_ROBIN",
  "subjectAltNames",
  "retryBudget",
  '"AUDIT"',
];

const meshes: [string, MeshAdapter, object, readonly string[]][] = [
  ["aks-istio", aksIstio, {}, BLOCKED.map((kind) => `"kind":"${kind}"`)],
  [
    "cloud-service-mesh",
    cloudServiceMesh,
    { project: "shop-fleet", allowlisted: ["externalAuthorization"] },
    UNREAD,
  ],
];

whereCrdsAre("random intents of all that the mesh has", () => {
  test.each(meshes)("%s", (_, adapter, options, forbidden) => {
    const mesh = value(adapter.configure({ ...options, namespaces: { create: false } }, []));
    const table = mesh.capabilities({ cluster });
    const allowed = capabilityIds.filter((id) => table[id].kind !== "none");
    let planned = 0;
    for (const { intent } of samples(400, 5, { allowed })) {
      const plan = mesh.plan(valid(intent), { cluster });
      if (!plan.ok) continue;
      planned++;
      expect(checkPlan(plan.value)).toEqual([]);
      const objects = objectsOf(plan.value);
      expect(checkAgainstCrds(objects)).toEqual([]);
      const text = JSON.stringify(objects);
      expect(forbidden.filter((word) => text.includes(word))).toEqual([]);
    }
    expect(planned).toBeGreaterThan(100);
  });
});
