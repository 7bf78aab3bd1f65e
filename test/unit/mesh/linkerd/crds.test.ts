import { compile, configureMesh } from "../../../../mesh";
import { capabilityIds } from "../../../../mesh/capability/ids";
import type { KubeObject } from "../../../../mesh/plan/types";
import { checkAgainstCrds, whereCrdsAre } from "../../../support/crds";
import { samples } from "../../../support/intents";
import { valid, value } from "../intents";
import { cluster } from "../istio/plans";
import { objectsOf } from "./plans";

/** cert-manager's are in no module and no shared folder. */
const known = ({ apiVersion }: KubeObject): boolean => !apiVersion.startsWith("cert-manager.io/");

whereCrdsAre("the API server takes what is made for Linkerd", () => {
  test.each([
    ["with the experimental channel", "edge-26.6.3", "experimental" as const],
    ["with the standard channel", "edge-26.9.1", "standard" as const],
  ])("%s, over random intents", (_, version, channel) => {
    const mesh = value(
      configureMesh({
        kind: "linkerd",
        version,
        webhooks: { certManager: { issuer: "hooks" } },
        gateways: { className: "carrier" },
        probes: { "shop/cart": ["/healthz"] },
        scrapers: { namespaces: ["monitoring"], ipBlocks: ["10.0.0.0/8"] },
      }),
    );
    const gatewayApi = { owner: channel === "standard" ? ("cluster" as const) : ("us" as const) };
    const target = { cluster: { ...cluster, gatewayApi, internalLoadBalancer: { internal: "true" } } };
    const table = mesh.capabilities(target);
    const allowed = capabilityIds.filter((id) => table[id].kind !== "none" && id !== "access.audit");
    let taken = 0;
    for (const { intent } of samples(200, 5, { allowed })) {
      const plan = compile(valid(intent), mesh, target);
      if (!plan.ok) continue;
      taken++;
      expect(checkAgainstCrds(objectsOf(plan.value).filter(known), channel)).toEqual([]);
    }
    expect(taken).toBeGreaterThan(80);
  });
});
