import type { Intent } from "../../../../mesh/intent";
import { namesOf, objectsOf, planned, said, specOf } from "./plans";

const services: NonNullable<Intent["services"]> = {
  "shop/api": {
    serviceAccount: "api",
    selector: { app: "api", tier: "front" },
    ports: [
      { port: 80, targetPort: 8080 },
      { port: 5432, protocol: "tcp" },
    ],
  },
  "shop/web": { serviceAccount: "web", ports: [{ port: 80 }] },
};
const HTTP = { service: "shop/api", ports: [80] };
const allow = (rest: object): object => ({ to: { service: "shop/api" }, action: "allow", ...rest });

function policies(intent: object, options: object = {}): string[] {
  const plan = planned({ intent: { services, ...intent }, options });
  return namesOf(
    plan.steps.flatMap((s) => (s.id === "security" && s.do.kind === "objects" ? s.do.objects : [])),
  );
}

test("every port of every service has a Server, closed where nothing is allowed", () => {
  const plan = planned({ intent: { services } });
  expect(namesOf(objectsOf(plan, "Server"))).toEqual([
    "Server shop/api-8080",
    "Server shop/api-5432",
    "Server shop/web-80",
  ]);
  expect(specOf(plan, "Server", "shop/api-8080")).toEqual({
    accessPolicy: "deny",
    podSelector: { matchLabels: { app: "api", tier: "front" } },
    port: 8080,
    proxyProtocol: "HTTP/1",
  });
  expect(specOf(plan, "Server", "shop/api-5432")).toMatchObject({ port: 5432, proxyProtocol: "opaque" });
});

test.each([
  ["strict", undefined, "all-authenticated"],
  ["permissive", undefined, "all-unauthenticated"],
  ["strict", { service: "shop/api", port: 80, mode: "permissive" }, "all-unauthenticated"],
  ["permissive", { service: "shop/api", mode: "strict" }, "all-authenticated"],
  ["strict", { namespace: "shop", mode: "permissive" }, "all-unauthenticated"],
])("open by default with %s mTLS and the exception %j, a port is %s", (mode, override, policy) => {
  const mtls = { mode, overrides: override === undefined ? [] : [override] };
  const plan = planned({ intent: { services, mtls, authorization: { default: "allow" } } });
  expect(specOf(plan, "Server", "shop/api-8080")).toMatchObject({ accessPolicy: policy });
});

test("a service with an allow is closed to everyone else, whatever the default", () => {
  const intent = {
    authorization: { default: "allow" },
    access: [allow({ from: [{ service: "shop/web" }] })],
  };
  const plan = planned({ intent: { services, ...intent } });
  expect(specOf(plan, "Server", "shop/api-8080")).toMatchObject({ accessPolicy: "deny" });
  expect(specOf(plan, "Server", "shop/web-80")).toMatchObject({ accessPolicy: "all-authenticated" });
});

test("callers are let in by the names in their certificates", () => {
  const from = [
    { service: "shop/web" },
    { namespace: "ops" },
    { principal: "spiffe://other.example/ns/a/sa/b" },
    { principal: "spiffe://other.example/machine/7" },
  ];
  const plan = planned({
    intent: { services, mtls: { trustDomain: "prod.example" }, access: [allow({ from })] },
  });
  expect(specOf(plan, "MeshTLSAuthentication", "shop/api-8080")).toEqual({
    identities: [
      "*.ops.serviceaccount.identity.linkerd.prod.example",
      "b.a.serviceaccount.identity.linkerd.other.example",
      "spiffe://other.example/machine/7",
      "web.shop.serviceaccount.identity.linkerd.prod.example",
    ],
  });
  expect(specOf(plan, "AuthorizationPolicy", "shop/api-8080")).toEqual({
    targetRef: { group: "policy.linkerd.io", kind: "Server", name: "api-8080" },
    requiredAuthenticationRefs: [
      { group: "policy.linkerd.io", kind: "MeshTLSAuthentication", name: "api-8080" },
    ],
  });
});

test("a lone service is named itself, several by their names", () => {
  const needs = (from: object[]): unknown => {
    const plan = planned({ intent: { services, access: [allow({ from })] } });
    const spec = specOf(plan, "AuthorizationPolicy", "shop/api-8080");
    return (spec as { requiredAuthenticationRefs: unknown }).requiredAuthenticationRefs;
  };
  const account = { kind: "ServiceAccount", name: "web", namespace: "shop" };
  expect(needs([{ service: "shop/web" }])).toEqual([account]);
  const several = [{ group: "policy.linkerd.io", kind: "MeshTLSAuthentication", name: "api-8080" }];
  expect(needs([{ service: "shop/web" }, { service: "shop/api" }])).toEqual(several);
});

test("whoever comes from a network needs an identity besides, unless the port is permissive", () => {
  const access = [allow({ from: [{ ipBlocks: ["10.0.0.0/8"] }], to: { service: "shop/api", ports: [80] } })];
  const kinds = (mode: string): unknown => {
    const plan = planned({ intent: { services, access, mtls: { mode } } });
    const spec = specOf(plan, "AuthorizationPolicy", "shop/api-8080-networks") as {
      requiredAuthenticationRefs: { kind: string }[];
    };
    return spec.requiredAuthenticationRefs.map((r) => r.kind);
  };
  expect(kinds("strict")).toEqual(["NetworkAuthentication", "MeshTLSAuthentication"]);
  expect(kinds("permissive")).toEqual(["NetworkAuthentication"]);
});

test("everyone is everyone with an identity, unless the port is permissive", () => {
  const strict = planned({ intent: { services, access: [allow({})] } });
  expect(specOf(strict, "MeshTLSAuthentication", "shop/api-8080")).toEqual({ identities: ["*"] });
  const permissive = planned({ intent: { services, mtls: { mode: "permissive" }, access: [allow({})] } });
  expect(specOf(permissive, "AuthorizationPolicy", "shop/api-8080")).toMatchObject({
    requiredAuthenticationRefs: [],
  });
});

test("requests are told apart by routes that leave none out", () => {
  const access = [
    allow({ to: HTTP, from: [{ service: "shop/web" }], operations: [{ methods: ["GET"], paths: ["/a/*"] }] }),
  ];
  const plan = planned({ intent: { services, access } });
  const routes = objectsOf(plan, "HTTPRoute").map(({ apiVersion, spec }) => [apiVersion, spec]);
  const parentRefs = [{ group: "policy.linkerd.io", kind: "Server", name: "api-8080" }];
  expect(routes).toEqual([
    [
      "policy.linkerd.io/v1beta3",
      {
        parentRefs,
        rules: [{ matches: [{ method: "GET", path: { type: "RegularExpression", value: "^/a/.*$" } }] }],
      },
    ],
    [
      "policy.linkerd.io/v1beta3",
      {
        parentRefs,
        rules: [{ matches: [{ path: { type: "PathPrefix", value: "/" } }] }],
      },
    ],
  ]);
  expect(objectsOf(plan, "AuthorizationPolicy").map((o) => o["spec"])).toMatchObject([
    { targetRef: { kind: "HTTPRoute" } },
  ]);
});

test("the kubelet's probes are let in where requests are told apart, and missed if nobody names them", () => {
  const access = [allow({ to: HTTP, from: [{ service: "shop/web" }], operations: [{ paths: ["/a"] }] })];
  expect(said({ intent: { services, access } })).toEqual(['probes-unnamed at services["shop/api"]']);
  const options = { probes: { "shop/api": ["/healthz"] } };
  expect(said({ intent: { services, access }, options })).toEqual([]);
  const plan = planned({ intent: { services, access }, options });
  const probe = objectsOf(plan, "HTTPRoute").find(({ metadata }) => metadata.name.includes("-probe-"));
  expect(probe?.["spec"]).toMatchObject({
    rules: [{ matches: [{ method: "GET", path: { type: "Exact", value: "/healthz" } }] }],
  });
  const policy = objectsOf(plan, "AuthorizationPolicy").find((o) => o.metadata.name === probe?.metadata.name);
  expect(policy?.["spec"]).toMatchObject({ requiredAuthenticationRefs: [] });
  expect(said({ intent: { services }, options: { probes: { "shop/none": ["/"] } } })).toEqual([
    'unknown-service at mesh.probes["shop/none"]',
  ]);
});

test("scrapers reach the proxies' metrics and nothing else", () => {
  const options = { scrapers: { namespaces: ["monitoring"], ipBlocks: ["10.9.0.0/16"] } };
  const plan = planned({ intent: { services }, options });
  expect(specOf(plan, "Server", "shop/proxy-admin")).toMatchObject({ port: 4191, accessPolicy: "deny" });
  expect(specOf(plan, "MeshTLSAuthentication", "shop/proxy-admin")).toEqual({
    identities: ["*.monitoring.serviceaccount.identity.linkerd.cluster.local"],
  });
  expect(specOf(plan, "NetworkAuthentication", "shop/proxy-admin-networks")).toEqual({
    networks: [{ cidr: "10.9.0.0/16" }],
  });
  const telemetry = { metrics: true };
  expect(said({ intent: { services, telemetry } })).toEqual(["nobody-scrapes at telemetry.metrics"]);
  expect(said({ intent: { services, telemetry }, options })).toEqual([]);
});

test("limits stand at the ports that take requests", () => {
  const traffic = {
    rateLimit: [
      { requests: 100, per: "1s" },
      { requests: 10, per: "1s", by: "source" },
    ],
  };
  const limited = { ...services, "shop/api": { ...services["shop/api"], traffic } };
  const plan = planned({ intent: { services: limited } });
  expect(objectsOf(plan, "HTTPLocalRateLimitPolicy").map((o) => [o.metadata.name, o["spec"]])).toEqual([
    [
      "api-8080",
      {
        targetRef: { group: "policy.linkerd.io", kind: "Server", name: "api-8080" },
        total: { requestsPerSecond: 100 },
        identity: { requestsPerSecond: 10 },
      },
    ],
  ]);
});

test("nothing is left of a service with no access but its Servers", () => {
  expect(policies({})).toEqual(["Server shop/api-8080", "Server shop/api-5432", "Server shop/web-80"]);
});

const api = services["shop/api"];
test.each<[string, object, string[]]>([
  [
    "a deny",
    { access: [{ to: { service: "shop/api" }, action: "deny" }] },
    ["unsupported-capability at access[0].action"],
  ],
  [
    "an audit of a closed service",
    { access: [{ to: { service: "shop/api" }, action: "audit" }] },
    ["unsupported-audit at access[0]"],
  ],
  [
    "an audit of some requests",
    {
      mtls: { mode: "permissive" },
      authorization: { default: "allow" },
      access: [{ to: HTTP, action: "audit", operations: [{ methods: ["PUT"] }] }],
    },
    ["unsupported-audit at access[0]"],
  ],
  [
    "ends of paths beside others",
    { access: [allow({ to: HTTP, operations: [{ paths: ["/a"] }, { paths: ["*.png"] }] })] },
    ["unsupported-paths at access[0].operations", 'probes-unnamed at services["shop/api"]'],
  ],
  [
    "services with the same pods",
    { services: { ...services, "shop/twin": { ...api, serviceAccount: "twin" } } },
    ['unsupported-shared-pods at services["shop/twin"]', 'unsupported-shared-pods at services["shop/twin"]'],
  ],
  [
    "ports of one Service that lead to the same of the pods, and are not treated alike",
    {
      services: {
        ...services,
        "shop/api": {
          ...api,
          ports: [
            { port: 80, targetPort: 8080 },
            { port: 81, targetPort: 8080 },
          ],
        },
      },
      access: [{ to: { service: "shop/api", ports: [81] }, action: "allow" }],
    },
    ['unsupported-shared-port at services["shop/api"]'],
  ],
  [
    "a limit per minute",
    {
      services: {
        ...services,
        "shop/api": { ...api, traffic: { rateLimit: [{ requests: 60, per: "1m" }] } },
      },
    },
    ['unsupported-rate-limit at services["shop/api"].traffic.rateLimit[0].per'],
  ],
])("%s is told, never weakened", (_, intent, expected) => {
  expect(said({ intent: { services, ...intent } })).toEqual(expected);
});

test("an audit of a service that everyone may call lets everyone in, and logs them", () => {
  const intent = {
    services,
    mtls: { mode: "permissive" },
    authorization: { default: "allow" },
    access: [{ to: { service: "shop/api", ports: [80] }, action: "audit" }],
  };
  const plan = planned({ intent });
  expect(specOf(plan, "Server", "shop/api-8080")).toMatchObject({ accessPolicy: "audit" });
  expect(specOf(plan, "Server", "shop/api-5432")).toMatchObject({ accessPolicy: "all-unauthenticated" });
});
