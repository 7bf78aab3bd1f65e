import { parse } from "yaml";
import { found } from "../../../../lib";
import { cloudServiceMesh } from "../../../../mesh/adapters/cloud-service-mesh";
import { capabilityIds } from "../../../../mesh/capability/ids";
import { checkAgainstCrds, whereCrdsAre } from "../../../support/crds";
import { inShort, shop, value } from "../intents";
import { attempted, busy, cluster, meshOf, objectsOf, planned, specAt, type Wanted } from "../managed";

const options = { project: "shop-fleet" };
const plannedFor = (intent: unknown, own: Partial<Wanted> = {}) =>
  planned(cloudServiceMesh, { intent, ...own, options: { ...options, ...own.options } });
const saidOf = (intent: unknown, features = {}) =>
  found(attempted(cloudServiceMesh, { intent, options, features })).map(inShort);

const gateways = {
  public: {
    listeners: [{ port: 443, protocol: "https", hosts: ["shop.example.com"], tls: { secret: "shop-cert" } }],
  },
  inner: { exposure: "internal", listeners: [{ port: 8080, protocol: "http" }] },
};

whereCrdsAre("with the CRDs", () => {
  test("everything passes Istio's CRDs", () => {
    const objects = objectsOf(plannedFor({ ...busy, gateways }));
    expect(checkAgainstCrds(objects)).toEqual([]);
  });
});

/** Fields that Traffic Director does not read: docs.cloud.google.com/service-mesh/docs/supported-features-managed. */
test("no object has a field that Traffic Director does not read", () => {
  const text = JSON.stringify(objectsOf(plannedFor({ ...busy, gateways })));
  for (const field of [
    "localityLbSetting",
    "MESH_INTERNAL",
    "DNS_ROUND_ROBIN",
    "workloadSelector",
    "subjectAltNames",
    "AUDIT",
  ]) {
    expect(text).not.toContain(field);
  }
  const rules = objectsOf(plannedFor(busy), "DestinationRule").map((o) => JSON.stringify(o["spec"]));
  for (const rule of rules) expect(rule).not.toContain("credentialName");
});

test("identities are of the fleet's pool, those that the intent writes among them", () => {
  const plan = plannedFor(busy);
  expect(JSON.stringify(specAt(plan, "AuthorizationPolicy", "shop/cart-allow"))).toContain(
    '"shop-fleet.svc.id.goog/ns/shop/sa/web"',
  );
  expect(JSON.stringify(specAt(plan, "AuthorizationPolicy", "shop/web-deny"))).toContain(
    '"shop-fleet.svc.id.goog/ns/a/sa/b"',
  );
  expect(plan.outputs["trustDomain"]).toBe("shop-fleet.svc.id.goog");
  expect(saidOf({ mtls: { trustDomain: "prod.example" } })).toEqual([
    "unsupported-trust-domain at mtls.trustDomain",
  ]);
  expect(saidOf({ mtls: { trustDomain: "shop-fleet.svc.id.goog" } })).toEqual([]);
});

test("a service without routes is reached without retries", () => {
  expect(specAt(plannedFor(busy), "VirtualService", "shop/web")).toMatchObject({
    http: [{ retries: { attempts: 0 }, route: [{ destination: { host: "web.shop.svc.cluster.local" } }] }],
  });
});

test("what lies outside is shut by a Sidecar, without a MeshConfig", () => {
  const plan = plannedFor(busy);
  expect(specAt(plan, "Sidecar", "istio-system/default")?.["outboundTrafficPolicy"]).toEqual({
    mode: "REGISTRY_ONLY",
  });
  expect(objectsOf(plan, "ConfigMap")).toEqual([]);
});

test("proxies find the keys of tokens where services check them, and nobody else does", () => {
  const plan = plannedFor(busy);
  expect(specAt(plan, "ServiceEntry", "shop/jwks-login")).toMatchObject({
    hosts: ["login.example.com"],
    ports: [{ number: 443, protocol: "HTTP" }],
    exportTo: ["."],
  });
  expect(specAt(plan, "DestinationRule", "shop/jwks-login")).toEqual({
    host: "login.example.com",
    trafficPolicy: { tls: { mode: "SIMPLE", sni: "login.example.com" } },
    exportTo: ["."],
  });
});

test("external authorization needs Google's allowlist, and is told in the rapid channel's ConfigMap", () => {
  const supportOf = (own: object) =>
    value(cloudServiceMesh.configure({ ...options, ...own }, [])).capabilities({ cluster })
      .externalAuthorization.kind;
  const allowlisted = { allowlisted: ["externalAuthorization"] };
  expect([supportOf({}), supportOf(allowlisted)]).toEqual(["none", "native"]);
  const intent = {
    ...busy,
    externalAuthorization: [
      { name: "judge", service: "shop/legacy", protocol: "http", to: [{ service: "shop/web" }] },
    ],
  };
  const config = meshOf(plannedFor(intent, { options: allowlisted }), "istio-system/istio-asm-managed-rapid");
  expect(Object.keys(parse(config ?? "") as object)).toEqual(["extensionProviders"]);
});

test("a gateway is pods of ours, whose proxies the mesh fills in", () => {
  const plan = plannedFor({ ...shop(), gateways, routes: [], access: [] });
  expect(specAt(plan, "Deployment", "istio-ingress/public-gateway")).toMatchObject({
    template: {
      metadata: {
        annotations: { "inject.istio.io/templates": "gateway" },
        labels: { istio: "public-gateway" },
      },
      spec: { containers: [{ name: "istio-proxy", image: "auto" }] },
    },
  });
  expect(plan.steps.find((s) => s.id === "gateway-pods")?.dependsOn).toEqual(["security"]);
  expect(plan.clusterFeatures).toEqual([
    { kind: "managedMesh", mesh: "cloud-service-mesh", revisions: ["asm-managed"], gateways: [] },
    { kind: "loadBalancer", exposure: "internal" },
    { kind: "loadBalancer", exposure: "public" },
  ]);
  expect(objectsOf(plan, "Namespace").map((o) => o.metadata.labels?.["istio-injection"])).toEqual([
    "enabled",
    "enabled",
  ]);
});

test("what this mesh or cluster cannot keep is said where it is written", () => {
  expect(saidOf({ ...shop(), gateways, routes: [], access: [] }, { loadBalancer: false })).toEqual([
    "unsupported-exposure at gateways.public.exposure",
  ]);
  expect(saidOf({ telemetry: { metrics: false } })).toEqual(["unsupported-telemetry at telemetry.metrics"]);
  const egress = {
    default: "deny",
    external: { login: { hosts: ["login.example.com"], ports: [{ port: 443, protocol: "tls" }] } },
  };
  expect(saidOf({ ...busy, egress })).toEqual(["unsupported-external at egress.external.login"]);
});

test("logs of requests are Envoy's, in place of Google's own", () => {
  expect(
    specAt(plannedFor({ telemetry: { accessLogs: "off" } }), "Telemetry", "istio-system/mesh-default"),
  ).toEqual({
    accessLogging: [
      { providers: [{ name: "envoy" }], disabled: true },
      { providers: [{ name: "stackdriver" }], disabled: true },
    ],
  });
});

test("what Traffic Director lacks is denied, and every answer names its source", () => {
  const table = value(cloudServiceMesh.configure(options, [])).capabilities({ cluster });
  const denied = capabilityIds.filter((id) => table[id].kind === "none");
  expect(denied).toEqual(
    expect.arrayContaining([
      "traffic.locality.prefer",
      "access.audit",
      "telemetry.tracing",
      "workloads.vm",
      "mtls.ca.shared-root",
    ]),
  );
  for (const id of capabilityIds)
    expect([id, table[id].source]).toEqual([id, expect.stringMatching(/^https:/)]);
});
