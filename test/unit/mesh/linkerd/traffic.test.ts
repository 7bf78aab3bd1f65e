import type { Intent } from "../../../../mesh/intent";
import { objectsOf, planned, said, specOf } from "./plans";

const services: NonNullable<Intent["services"]> = {
  "shop/api": {
    serviceAccount: "api",
    ports: [{ port: 80, targetPort: 8080 }],
    versions: { v1: { labels: { version: "v1" } } },
  },
  "shop/rpc": { serviceAccount: "rpc", ports: [{ port: 9000, protocol: "grpc" }] },
};
const TO_API = [{ service: "shop/api" }];

function routed(...rules: object[]): object {
  return { services, routes: [{ kind: "http", for: { service: "shop/api" }, rules }] };
}

function rule(more: object): unknown {
  const plan = planned({ intent: routed({ backends: TO_API, ...more }) });
  return specOf(plan, "HTTPRoute", "shop/api");
}

test("expressions hold for the whole, whichever alternative comes first", () => {
  const match = [
    { path: { regex: "/a|/ab" }, headers: { "x-h": { regex: "b|bc" } }, query: { q: { regex: "c|cd" } } },
  ];
  expect(rule({ match })).toMatchObject({
    rules: [
      {
        matches: [
          {
            path: { type: "RegularExpression", value: "^(?:/a|/ab)$" },
            headers: [{ value: "^(?:b|bc)$" }],
            queryParams: [{ value: "^(?:c|cd)$" }],
          },
        ],
      },
    ],
  });
});

test("a redirect to another scheme names its port, which Linkerd would not change", () => {
  const redirect = (to: object): unknown =>
    rule({ backends: undefined, match: [{ path: { prefix: "/old" } }], redirect: to });
  const filter = (more: object): object => ({ rules: [{ filters: [{ requestRedirect: more }] }] });
  expect(redirect({ scheme: "https" })).toMatchObject(filter({ scheme: "https", port: 443 }));
  expect(redirect({ scheme: "http", host: "other.example" })).toMatchObject(filter({ port: 80 }));
  expect(redirect({ scheme: "https", port: 8443 })).toMatchObject(filter({ port: 8443 }));
  expect(JSON.stringify(redirect({ host: "other.example" }))).not.toContain('"port":80');
});

test("timeouts stand in rules, retries in annotations of routes of their own", () => {
  const retry = { retries: 3, perTryTimeout: "1500ms", on: ["5xx", 429, "retriable-4xx", "connect-failure"] };
  const plan = planned({
    intent: routed(
      { match: [{ path: { prefix: "/a" } }], backends: TO_API, timeout: "10s", retry },
      { match: [{ path: { prefix: "/b" } }], backends: TO_API, timeout: "90s" },
    ),
  });
  const routes = objectsOf(plan, "HTTPRoute");
  expect(routes.map((r) => [r.metadata.name, r.metadata.annotations])).toEqual([
    [
      "api.part-001",
      {
        "retry.linkerd.io/http": "429,5xx,409",
        "retry.linkerd.io/limit": "3",
        "retry.linkerd.io/timeout": "1500ms",
      },
    ],
    ["api.part-002", undefined],
  ]);
  expect(routes.map((r) => r["spec"])).toMatchObject([
    { rules: [{ timeouts: { request: "10s" } }] },
    { rules: [{ timeouts: { request: "1m30s" } }] },
  ]);
  expect(JSON.stringify(routes)).not.toContain("backendRequest");
});

test("gRPC calls with timeouts or retries are told as requests, which can have them", () => {
  const grpc = (more: object): object => ({
    services,
    routes: [
      {
        kind: "grpc",
        for: { service: "shop/rpc" },
        rules: [{ match: [{ service: "a.B", method: "C" }], backends: [{ service: "shop/rpc" }], ...more }],
      },
    ],
  });
  expect(objectsOf(planned({ intent: grpc({}) })).map((o) => o.kind)).toContain("GRPCRoute");
  const timed = planned({ intent: grpc({ timeout: "1s", retry: { retries: 1 } }) });
  expect(specOf(timed, "HTTPRoute", "shop/rpc")).toMatchObject({
    rules: [{ matches: [{ path: { type: "Exact", value: "/a.B/C" } }], timeouts: { request: "1s" } }],
  });
});

test("versions are Services of their own", () => {
  const plan = planned({ intent: routed({ backends: [{ service: "shop/api", version: "v1" }] }) });
  expect(specOf(plan, "Service", "shop/api-v1")).toMatchObject({ selector: { app: "api", version: "v1" } });
});

test("no ServiceProfile is ever made: one would put all routes of its service out of force", () => {
  const plan = planned({ intent: routed({ backends: TO_API, timeout: "1s", retry: { retries: 1 } }) });
  expect(objectsOf(plan).map((o) => o.kind)).not.toContain("ServiceProfile");
});

const get = { path: { prefix: "/a" }, method: "GET" };
const exact = { path: { exact: "/a" } };
const on = (match: object, more: object = {}): object => ({ match: [match], backends: TO_API, ...more });

test.each<[string, object[], string[]]>([
  [
    "a prefix with a method wins over the same exact path",
    [on(exact), on(get)],
    ["unsupported-route-order at routes[0].rules[0].match[0]"],
  ],
  ["with another method it never meets it", [on({ ...exact, method: "POST" }), on(get)], []],
  ["an exact path with the same is before it", [on({ ...exact, method: "GET" }), on(get)], []],
  [
    "an expression counts as much as an exact path",
    [on(exact), on({ path: { regex: "/[ab]" }, method: "GET" })],
    ["unsupported-route-order at routes[0].rules[0].match[0]"],
  ],
  [
    "one that cannot hold for the path does not",
    [on(exact), on({ path: { regex: "/[bc]" }, method: "GET" })],
    [],
  ],
  [
    "cookies are one header more",
    [
      on({ path: { prefix: "/" }, query: { q: { exact: "1" } } }),
      on({ path: { prefix: "/" }, cookies: { c: { exact: "1" } } }),
    ],
    ["unsupported-route-order at routes[0].rules[0].match[0]"],
  ],
  [
    "equal ones in one route keep their order",
    [
      on({ path: { prefix: "/" }, headers: { a: { exact: "1" } } }),
      on({ path: { prefix: "/" }, headers: { b: { exact: "1" } } }),
    ],
    [],
  ],
  [
    "equal ones with different retries stand in two routes, whose age decides",
    [
      on({ path: { prefix: "/" }, headers: { a: { exact: "1" } } }, { retry: { retries: 2 } }),
      on({ path: { prefix: "/" }, headers: { b: { exact: "1" } } }),
    ],
    ["unsupported-route-order at routes[0].rules[0].match[0]"],
  ],
])("the order that Linkerd tries matches in: %s", (_, rules, expected) => {
  expect(said({ intent: routed(...rules) })).toEqual(expected);
});

test.each<[string, object, string[]]>([
  ["mirrors", { mirror: [{ service: "shop/api" }] }, ["unsupported-capability at routes[0].rules[0].mirror"]],
  [
    "rewrites",
    { rewrite: { host: "other.example" } },
    ["unsupported-capability at routes[0].rules[0].rewrite.host"],
  ],
  [
    "retries after a reset",
    { retry: { retries: 1, on: ["reset"] } },
    ["unsupported-retry-condition at routes[0].rules[0].retry.on"],
  ],
  [
    "a redirect to a path",
    { backends: undefined, match: [exact], redirect: { path: "/b" } },
    ["unsupported-redirect-path at routes[0].rules[0].redirect.path"],
  ],
])("%s are told, not dropped", (_, more, expected) => {
  expect(said({ intent: routed({ backends: TO_API, ...more }) })).toEqual(expected);
});

test("what Linkerd reads from the user's own Services is noted for them", () => {
  const traffic = {
    outlierDetection: { consecutive5xx: 4, baseEjectionTime: "90s", maxEjectionPercent: 100 },
    locality: { prefer: "zone" },
  };
  const api = { ...services["shop/api"], traffic };
  const db = {
    serviceAccount: "db",
    ports: [
      { port: 5432, protocol: "tcp" },
      { port: 3306, protocol: "tcp" },
    ],
  };
  const plan = planned({ intent: { services: { "shop/api": api, "shop/db": db } } });
  expect(plan.marks).toEqual([
    {
      kind: "Service",
      namespace: "shop",
      name: "api",
      annotations: {
        "balancer.linkerd.io/failure-accrual": "consecutive",
        "balancer.linkerd.io/failure-accrual-consecutive-max-failures": "4",
        "balancer.linkerd.io/failure-accrual-consecutive-max-penalty": "90s",
        "balancer.linkerd.io/failure-accrual-consecutive-min-penalty": "90s",
        "service.kubernetes.io/topology-mode": "Auto",
      },
    },
    {
      kind: "Service",
      namespace: "shop",
      name: "db",
      annotations: { "config.linkerd.io/opaque-ports": "3306,5432" },
    },
  ]);
  const limited = { ...api, traffic: { outlierDetection: { maxEjectionPercent: 50 } } };
  expect(said({ intent: { services: { "shop/api": limited } } })).toEqual([
    'unsupported-ejection-limit at services["shop/api"].traffic.outlierDetection.maxEjectionPercent',
  ]);
});

const github = {
  hosts: ["api.github.com"],
  ports: [
    { port: 443, protocol: "tls" },
    { port: 80, protocol: "http" },
  ],
};

test("whoever may be called outside has a route there, the rest of the world none", () => {
  const plan = planned({ intent: { services, egress: { default: "deny", external: { github } } } });
  expect(specOf(plan, "EgressNetwork", "linkerd-egress/outside")).toEqual({ trafficPolicy: "Deny" });
  const backend = { group: "policy.linkerd.io", kind: "EgressNetwork", name: "outside" };
  expect(objectsOf(plan, "TLSRoute")).toMatchObject([
    {
      apiVersion: "gateway.networking.k8s.io/v1alpha2",
      metadata: { name: "github-443", namespace: "linkerd-egress" },
    },
  ]);
  expect(specOf(plan, "HTTPRoute", "linkerd-egress/github-80")).toEqual({
    hostnames: ["api.github.com"],
    parentRefs: [{ ...backend, namespace: "linkerd-egress", port: 80 }],
    rules: [{ backendRefs: [backend] }],
  });
  const open = planned({ intent: { services, egress: { default: "allow", external: { github } } } });
  expect(objectsOf(open, "EgressNetwork").map((o) => o["spec"])).toEqual([{ trafficPolicy: "Allow" }]);
  expect(objectsOf(open, "TLSRoute")).toEqual([]);
});

test("hosts outside that connections do not name are told", () => {
  const external = { db: { hosts: ["db.example.com"], ports: [{ port: 5432, protocol: "tcp" }] } };
  expect(said({ intent: { services, egress: { default: "deny", external } } })).toEqual([
    "unsupported-egress at egress.external.db",
  ]);
});

test.each([
  ["edge-26.6.3", { owner: "us" as const }, "v1alpha2", "experimental"],
  ["edge-26.9.1", { owner: "us" as const }, "v1", "standard"],
  ["edge-26.9.1", { owner: "us" as const, version: "1.4.0" }, "v1alpha2", "experimental"],
  ["edge-26.9.1", { owner: "cluster" as const, version: "v1.5.1" }, "v1", "standard"],
])("%s with the Gateway API %j reads TLSRoutes of %s, %s channel", (version, gatewayApi, served, channel) => {
  const intent = { services, egress: { default: "deny", external: { github } } };
  const plan = planned({ intent, options: { version }, features: { gatewayApi } });
  expect(objectsOf(plan, "TLSRoute")[0]?.apiVersion).toBe(`gateway.networking.k8s.io/${served}`);
  expect(plan.clusterFeatures).toContainEqual({ kind: "gatewayApi", channel });
});

test("where it reads none of the cluster's, connections are told", () => {
  const features = { gatewayApi: { owner: "cluster" as const, version: "1.4.1" } };
  const vault = { serviceAccount: "v", ports: [{ port: 8200, protocol: "tls" }] };
  const routes = [
    {
      kind: "tls",
      for: { service: "shop/vault" },
      rules: [{ sni: ["a.example"], backends: [{ service: "shop/vault" }] }],
    },
  ];
  expect(said({ intent: { services: { "shop/vault": vault }, routes }, features })).toEqual([
    "unsupported-capability at routes[0].kind",
  ]);
  const egress = { default: "deny", external: { github } };
  expect(said({ intent: { services, egress }, features })).toEqual([
    "unsupported-egress at egress.external.github",
  ]);
});

test("gateways are for whoever carries them, and lead nowhere without one", () => {
  const intent = {
    services,
    gateways: { public: { listeners: [{ port: 80, protocol: "http", hosts: ["a.example"] }] } },
    routes: [{ kind: "http", for: { gateway: "public" }, rules: [{ backends: TO_API }] }],
    access: [{ to: { service: "shop/api" }, action: "allow", from: [{ gateway: "public" }] }],
  };
  expect(said({ intent })).toContain("unsupported-capability at access[0].from[0].gateway");
  const plan = planned({ intent, options: { gateways: { className: "carrier" } } });
  expect(specOf(plan, "Gateway", "gateways/public")).toMatchObject({ gatewayClassName: "carrier" });
  expect(specOf(plan, "AuthorizationPolicy", "shop/api-8080")).toMatchObject({
    requiredAuthenticationRefs: [{ kind: "ServiceAccount", name: "public-carrier", namespace: "gateways" }],
  });
  const namespace = objectsOf(plan, "Namespace").find((n) => n.metadata.name === "gateways");
  expect(namespace?.metadata.annotations).toEqual({
    "config.linkerd.io/default-inbound-policy": "all-unauthenticated",
    "linkerd.io/inject": "enabled",
  });
  const identity = { namespace: "envoy", serviceAccount: "proxies" };
  const other = planned({ intent, options: { gateways: { className: "carrier", identity } } });
  expect(specOf(other, "AuthorizationPolicy", "shop/api-8080")).toMatchObject({
    requiredAuthenticationRefs: [{ kind: "ServiceAccount", name: "proxies", namespace: "envoy" }],
  });
});
