import { parse } from "yaml";
import { found } from "../../../../lib";
import { aksIstio } from "../../../../mesh/adapters/aks-istio";
import { capabilityIds } from "../../../../mesh/capability/ids";
import { checkAgainstCrds, whereCrdsAre } from "../../../support/crds";
import { inShort, shop, value } from "../intents";
import { attempted, busy, cluster, meshOf, objectAt, objectsOf, planned, specAt } from "../managed";

const gateways = {
  public: {
    listeners: [{ port: 443, protocol: "https", hosts: ["shop.example.com"], tls: { secret: "shop-cert" } }],
  },
};

whereCrdsAre("with the CRDs", () => {
  test("everything passes Istio's CRDs, and nothing is of a kind that the add-on blocks", () => {
    const objects = objectsOf(planned(aksIstio, { intent: { ...busy, gateways } }));
    expect(checkAgainstCrds(objects)).toEqual([]);
    const blocked = [
      "ProxyConfig",
      "WorkloadEntry",
      "WorkloadGroup",
      "IstioOperator",
      "WasmPlugin",
      "EnvoyFilter",
    ];
    expect(objects.map((o) => o.kind).filter((kind) => blocked.includes(kind))).toEqual([]);
  });
});

test("nothing is installed: the cloud is asked for the add-on", () => {
  const plan = planned(aksIstio, { intent: { ...shop() } });
  expect(plan.steps.map((s) => [s.id, s.do.kind])).toEqual([
    ["namespaces", "objects"],
    ["mesh-config", "objects"],
    ["security", "objects"],
    ["workloads", "objects"],
    ["traffic", "objects"],
  ]);
  expect(plan.clusterFeatures).toEqual([
    { kind: "managedMesh", mesh: "aks-istio", revisions: ["asm-1-30"], gateways: ["public"] },
  ]);
});

test("namespaces name the revision, and are never the add-on's own", () => {
  const plan = planned(aksIstio, { intent: shop(), options: { revision: "asm-1-31" } });
  expect(
    objectsOf(plan, "Namespace").map((o) => [o.metadata.name, o.metadata.labels?.["istio.io/rev"]]),
  ).toEqual([["shop", "asm-1-31"]]);
  const intent = { services: { "aks-istio-system/a": { serviceAccount: "a", ports: [{ port: 80 }] } } };
  expect(found(attempted(aksIstio, { intent })).map(inShort)).toEqual([
    'namespace-taken at services["aks-istio-system/a"]',
  ]);
});

/** As listed in learn.microsoft.com/azure/aks/istio-meshconfig; other fields are refused by the add-on. */
const ALLOWED = ["defaultHttpRetryPolicy", "outboundTrafficPolicy", "extensionProviders"];

test("each revision finds a MeshConfig of its own, of fields that the add-on takes", () => {
  const externalAuthorization = [
    { name: "judge", service: "shop/legacy", protocol: "http", to: [{ service: "shop/web" }] },
  ];
  const plan = planned(aksIstio, {
    intent: {
      ...busy,
      externalAuthorization,
      telemetry: { tracing: { samplingPercent: 1, endpoint: "otel.ops.svc:4317" } },
    },
    options: { upgradeTo: "asm-1-31" },
  });
  const own = meshOf(plan, "aks-istio-system/istio-shared-configmap-asm-1-30");
  expect(meshOf(plan, "aks-istio-system/istio-shared-configmap-asm-1-31")).toBe(own);
  const config = parse(own ?? "") as { outboundTrafficPolicy: object };
  expect(Object.keys(config).sort()).toEqual([...ALLOWED].sort());
  expect(config.outboundTrafficPolicy).toEqual({ mode: "REGISTRY_ONLY" });
  expect(plan.clusterFeatures).toMatchObject([{ revisions: ["asm-1-30", "asm-1-31"] }]);
});

test("a gateway is the add-on's own of its exposure", () => {
  const plan = planned(aksIstio, { intent: { ...shop(), gateways, routes: [] } });
  expect(specAt(plan, "Gateway", "aks-istio-ingress/public")?.["selector"]).toEqual({
    istio: "aks-istio-ingressgateway-external",
  });
  expect(JSON.stringify(specAt(plan, "AuthorizationPolicy", "shop/web-allow"))).toContain(
    "cluster.local/ns/aks-istio-ingress/sa/aks-istio-ingressgateway-external",
  );
  expect(objectAt(plan, "AuthorizationPolicy", "aks-istio-system/default-deny")).toBeDefined();
  expect(specAt(plan, "AuthorizationPolicy", "aks-istio-ingress/public-gateway-allow")).toEqual({
    action: "ALLOW",
    selector: { matchLabels: { istio: "aks-istio-ingressgateway-external" } },
    rules: [{}],
  });
  expect(objectsOf(plan, "Deployment")).toEqual([]);
});

test("ports that the add-on fixes, and a second gateway of an exposure, are refused", () => {
  const listeners = (port: number) => ({ listeners: [{ port, protocol: "http" }] });
  const intent = { ...shop(), routes: [], access: [], gateways: { a: listeners(8080), b: listeners(80) } };
  expect(found(attempted(aksIstio, { intent })).map(inShort)).toEqual([
    "unsupported-listener-port at gateways.a.listeners[0].port",
    "unsupported-gateway at gateways.b",
  ]);
});

test("certificates are signed by what the key vault holds, set where the add-on is turned on", () => {
  const ca = { kind: "key-vault", vaultId: "/subscriptions/1/vaults/v", prefix: "mesh-" };
  const plan = planned(aksIstio, { intent: { mtls: { ca } } });
  expect(plan.clusterFeatures).toEqual([
    {
      kind: "managedMesh",
      mesh: "aks-istio",
      revisions: ["asm-1-30"],
      gateways: [],
      certificateAuthority: {
        keyVaultId: "/subscriptions/1/vaults/v",
        rootCertObjectName: "mesh-root-cert",
        certObjectName: "mesh-ca-cert",
        keyObjectName: "mesh-ca-key",
        certChainObjectName: "mesh-cert-chain",
      },
    },
  ]);
});

test("an upgrade goes to the next revision only", () => {
  const result = aksIstio.configure({ revision: "asm-1-29", upgradeTo: "asm-1-31" }, ["mesh"]);
  expect(found(result).map(inShort)).toEqual(["misplaced-value at mesh.upgradeTo"]);
});

test("what the add-on blocks is denied, and every answer names its source", () => {
  const table = value(aksIstio.configure({}, [])).capabilities({ cluster });
  const denied = capabilityIds.filter((id) => table[id].kind === "none");
  expect(denied).toEqual(
    expect.arrayContaining([
      "traffic.rateLimit.proxy",
      "mtls.trustDomain",
      "mtls.ca.shared-root",
      "workloads.vm",
      "federation",
    ]),
  );
  for (const id of capabilityIds)
    expect([id, table[id].source]).toEqual([id, expect.stringMatching(/^https:/)]);
});
