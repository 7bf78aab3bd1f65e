import type { JsonObject } from "../../../../lib";
import { objectsOf, planned, said, services } from "./plans";

const cart = { service: "shop/cart" };
const web = { service: "shop/web" };
const AT = "routes[0].rules";
const http = (name: string, more: object = {}) => ({
  serviceAccount: name,
  ports: [{ port: 80, protocol: "http" }],
  ...more,
});
const edge = (rules: readonly object[], over: object = {}) => ({
  authorization: { default: "allow" },
  services: { ...services, ...over },
  gateways: { public: { exposure: "public", listeners: [{ port: 80, protocol: "http" }] } },
  routes: [{ kind: "http", for: { gateway: "public", hosts: ["a.example"] }, rules }],
});

test.each<readonly [string, object, readonly string[]]>([
  [
    "a prefix but / that a gateway rewrites",
    edge([{ match: [{ path: { prefix: "/a" } }], rewrite: { prefix: "/" }, backends: [web] }]),
    [`unsupported-gateway-rewrite at ${AT}[0].rewrite`],
  ],
  [
    "a backend of protocol grpc behind a gateway",
    edge([{ backends: [{ service: "shop/g" }] }], {
      "shop/g": http("g", { ports: [{ port: 80, protocol: "grpc" }] }),
    }),
    [`unsupported-gateway-backend at ${AT}[0].backends[0]`],
  ],
  [
    "limits of a service behind a gateway",
    edge([{ backends: [{ service: "shop/l" }] }], {
      "shop/l": http("l", { traffic: { connectionLimits: { maxRequests: 1 } } }),
    }),
    [`unsupported-gateway-treatment at ${AT}[0].backends[0]`],
  ],
  [
    "a longer prefix that a gateway would try before an expression",
    edge([
      { match: [{ path: { regex: "/a.*" } }], backends: [web] },
      { match: [{ path: { prefix: "/abcdefgh" } }], backends: [cart] },
    ]),
    [`unsupported-gateway-order at ${AT}[1].match[0]`, `unsupported-gateway-order at ${AT}[1].match[0]`],
  ],
])("%s", (_, intent, expected) => {
  expect(said({ intent })).toEqual(expected);
});

test("gateways take the common order of paths as it is", () => {
  const rules = [
    { match: [{ path: { prefix: "/" } }], backends: [web] },
    { match: [{ path: { prefix: "/api" } }], backends: [cart] },
    { match: [{ path: { exact: "/api/health" } }], backends: [web] },
  ];
  expect(said({ intent: edge(rules) })).toEqual([]);
});

interface HttpRule {
  readonly matches: readonly JsonObject[];
  readonly filters: readonly JsonObject[];
  readonly backendRefs: readonly JsonObject[];
}

const rulesOf = (...rules: object[]): HttpRule[] =>
  objectsOf(planned({ intent: edge(rules) }), "HTTPRoute").flatMap(
    (o) => (o["spec"] as unknown as { rules: HttpRule[] }).rules,
  );

test("everything that a match asks is asked", () => {
  const match = {
    path: { exact: "/a" },
    method: "PUT",
    headers: { "x-a": { exact: "1" }, "x-b": { regex: "b+" } },
    query: { q: { exact: "2" } },
    cookies: { who: { exact: "me" } },
  };
  expect(rulesOf({ match: [match], backends: [web] })[0]?.matches).toEqual([
    {
      path: { type: "Exact", value: "/a" },
      method: "PUT",
      headers: [
        { name: "x-a", type: "Exact", value: "1" },
        { name: "x-b", type: "RegularExpression", value: "b+" },
        { name: "cookie", type: "RegularExpression", value: expect.stringContaining("who") as string },
      ],
      queryParams: [{ name: "q", type: "Exact", value: "2" }],
    },
  ]);
});

test("Consul's gateways would cut off a prefix that is not rewritten to itself", () => {
  const [exact, below] = rulesOf({ match: [{ path: { prefix: "/api" } }], backends: [web] });
  expect(exact?.filters.map((f) => f["type"])).toEqual(["ExtensionRef"]);
  expect(below?.filters[0]).toEqual({
    type: "URLRewrite",
    urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/api/" } },
  });
});

test("a version, or several backends, are a service of Consul's own making", () => {
  const rules = rulesOf(
    { match: [{ path: { exact: "/v1" } }], backends: [{ ...cart, version: "v1" }] },
    { match: [{ path: { exact: "/web" } }], backends: [web] },
  );
  expect(rules.map((r) => r.backendRefs.map((b) => b["kind"]))).toEqual([["Service"], ["MeshService"]]);
});

test("timeouts and retries are objects beside the route, equal ones the same", () => {
  const rule = (path: string) => ({
    match: [{ path: { exact: path } }],
    timeout: "2s",
    retry: { retries: 1, on: ["5xx"] },
    backends: [web],
  });
  const plan = planned({ intent: edge([rule("/a"), rule("/b")]) });
  expect(objectsOf(plan, "RouteTimeoutFilter").map((o) => o["spec"])).toEqual([{ requestTimeout: "2s" }]);
  expect(objectsOf(plan, "RouteRetryFilter").map((o) => o["spec"])).toEqual([
    { numRetries: 1, retryOn: ["5xx"] },
  ]);
});

test("routes of more than sixteen rules are several", () => {
  const rules = Array.from({ length: 20 }, (_, i) => ({
    match: [{ path: { exact: `/${i}` } }],
    backends: [web],
  }));
  const routes = objectsOf(planned({ intent: edge(rules) }), "HTTPRoute");
  expect(routes.map((r) => (r["spec"] as unknown as { rules: unknown[] }).rules.length)).toEqual([16, 4]);
});

test("an exposure is a class of gateways", () => {
  const gateways = Object.fromEntries(
    (["public", "internal", "cluster"] as const).map((exposure) => [
      exposure,
      {
        exposure,
        listeners: [
          { port: 443, protocol: "https", hosts: ["a.example", "b.example"], tls: { secret: "cert" } },
        ],
      },
    ]),
  );
  const features = { internalLoadBalancer: { "example.com/internal": "true" } };
  const plan = planned({ intent: { services, gateways }, features });
  expect(
    objectsOf(plan, "GatewayClassConfig").map((o) => [
      o.metadata.name,
      (o["spec"] as JsonObject)["serviceType"],
    ]),
  ).toEqual([
    ["consul-cluster", "ClusterIP"],
    ["consul-internal", "LoadBalancer"],
    ["consul-public", "LoadBalancer"],
  ]);
  const internal = objectsOf(plan, "Gateway").find((g) => g.metadata.name === "internal-gateway");
  expect(internal?.metadata.annotations).toEqual(features.internalLoadBalancer);
  expect(
    (internal?.["spec"] as unknown as { listeners: JsonObject[] }).listeners.map((l) => l["hostname"]),
  ).toEqual(["a.example", "b.example"]);
});

test("connections of a gateway go to one service", () => {
  const intent = {
    authorization: { default: "allow" },
    services: { "shop/db": { serviceAccount: "db", ports: [{ port: 5432, protocol: "tcp" }] } },
    gateways: { public: { listeners: [{ port: 5432, protocol: "tcp" }] } },
    routes: [
      {
        kind: "tcp",
        for: { gateway: "public", hosts: ["*"] },
        rules: [{ backends: [{ service: "shop/db" }] }],
      },
    ],
  };
  expect(objectsOf(planned({ intent }), "TCPRoute").map((o) => o["spec"])).toEqual([
    {
      parentRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "public-gateway" }],
      rules: [{ backendRefs: [{ group: "", kind: "Service", name: "db", namespace: "shop", port: 5432 }] }],
    },
  ]);
});
