import type { JsonObject } from "../../../../lib";
import { percentages } from "../../../../mesh/adapters/consul/traffic/splits";
import { planned, routed, routesOf, services, specOf } from "./plans";

const to = (version: string): object => ({ backends: [{ service: "shop/cart", version }] });
const http = (route: JsonObject | undefined): unknown =>
  (route?.["match"] as JsonObject | undefined)?.["http"];
const routes = (...rules: object[]): JsonObject[] => routesOf(planned({ intent: routed(...rules) }), "cart");

test("a prefix of path elements is the path itself and what lies below, which is kept", () => {
  const [exact, below, rest, ...none] = routes({ match: [{ path: { prefix: "/foo" } }], ...to("v1") });
  expect(http(exact)).toEqual({ pathExact: "/foo" });
  expect(http(below)).toEqual({ pathPrefix: "/foo/" });
  expect(below?.["destination"]).toMatchObject({ prefixRewrite: "/foo/", serviceSubset: "v1" });
  expect(rest).toEqual({ destination: { requestTimeout: "-1s", service: "cart" } });
  expect(none).toEqual([]);
});

test.each([
  [
    "/foo",
    "/v2",
    [
      ["/foo", "/v2"],
      ["/foo/", "/v2/"],
    ],
  ],
  [
    "/foo",
    "/v2/",
    [
      ["/foo", "/v2"],
      ["/foo/", "/v2/"],
    ],
  ],
  [
    "/foo",
    "/",
    [
      ["/foo", "/"],
      ["/foo/", "/"],
    ],
  ],
  ["/", "/v2", [["/", "/v2/"]]],
])("the prefix %s rewritten to %s", (prefix, target, expected) => {
  const rewritten = routes({ match: [{ path: { prefix } }], rewrite: { prefix: target }, ...to("v1") });
  const pairs = rewritten.slice(0, expected.length).map((route) => {
    const path = http(route) as Record<string, string>;
    return [path["pathExact"] ?? path["pathPrefix"], (route["destination"] as JsonObject)["prefixRewrite"]];
  });
  expect(pairs).toEqual(expected);
});

test("an exact path is rewritten to / by a prefix that the whole path must equal", () => {
  const [route] = routes({ match: [{ path: { exact: "/a.b" } }], rewrite: { path: "/" }, ...to("v1") });
  expect(http(route)).toEqual({ pathPrefix: "/a.b", header: [{ name: ":path", regex: "/a\\.b(\\?.*)?" }] });
});

test("Consul takes the first match, so that the most specific come first, whatever the order of writing", () => {
  const rules = [
    { match: [{ path: { prefix: "/a" } }], ...to("v1") },
    { match: [{ path: { prefix: "/a/b" } }], ...to("v1") },
    { match: [{ path: { regex: "/a.*" } }], ...to("v1") },
    { match: [{ path: { exact: "/a/b/c" } }], ...to("v1") },
    { match: [{ path: { prefix: "/a" }, method: "GET" }], ...to("v1") },
    { match: [{ path: { prefix: "/a" }, headers: { x: { exact: "1" } } }], ...to("v1") },
  ];
  const order = routes(...rules).map((route) => {
    const { pathExact, pathPrefix, pathRegex, methods, header } = (http(route) ?? {}) as Record<
      string,
      unknown
    >;
    return [pathExact ?? pathPrefix ?? pathRegex ?? "any", methods, header].filter((x) => x !== undefined)
      .length === 1
      ? (pathExact ?? pathPrefix ?? pathRegex ?? "any")
      : `${String(pathExact ?? pathPrefix)}+`;
  });
  expect(order).toEqual([
    "/a/b/c",
    "/a.*",
    "/a/b",
    "/a/b/",
    "/a+",
    "/a/+",
    "/a+",
    "/a/+",
    "/a",
    "/a/",
    "any",
  ]);
});

test("everything that a match asks is asked", () => {
  const match = {
    path: { regex: "/r[0-9]+" },
    method: "POST",
    headers: { host: { exact: "h.example" }, "x-a": { regex: "a+" } },
    query: { q: { exact: "1" }, r: { regex: "b+" } },
    cookies: { who: { exact: "me" } },
  };
  const [route] = routes({ match: [match], ...to("v1") });
  expect(http(route)).toEqual({
    pathRegex: "/r[0-9]+",
    methods: ["POST"],
    header: [
      { name: ":authority", exact: "h.example" },
      { name: "x-a", regex: "a+" },
      { name: "cookie", regex: expect.stringContaining("who") as string },
    ],
    queryParam: [
      { name: "q", exact: "1" },
      { name: "r", regex: "b+" },
    ],
  });
});

test("a rule's treatment is its route's", () => {
  const [route] = routes({
    match: [{ path: { exact: "/x" } }],
    timeout: "1500ms",
    retry: { retries: 3, on: ["5xx", "reset", 429] },
    headers: {
      request: { set: { "x-a": "1" }, add: { "x-b": "2" }, remove: ["x-c"] },
      response: { set: { "x-d": "3" } },
    },
    ...to("v2"),
  });
  expect(route?.["destination"]).toEqual({
    service: "cart",
    serviceSubset: "v2",
    requestTimeout: "1500ms",
    numRetries: 3,
    retryOn: ["5xx", "reset"],
    retryOnStatusCodes: [429],
    requestHeaders: { set: { "x-a": "1" }, add: { "x-b": "2" }, remove: ["x-c"] },
    responseHeaders: { set: { "x-d": "3" } },
  });
});

test("a service without routes has a router too, or requests would end after 15 s", () => {
  expect(routesOf(planned({ intent: routed() }), "web")).toEqual([
    { destination: { requestTimeout: "-1s" } },
  ]);
});

test("a split is one of a service that exists for it alone, each place once, with the protocol of its owner", () => {
  const rule = {
    match: [{ path: { exact: "/x" } }],
    backends: [
      { service: "shop/cart", version: "v1", weight: 1 },
      { service: "shop/cart", version: "v2", weight: 1 },
      { service: "shop/cart", version: "v1", weight: 2 },
      { service: "shop/web", weight: 0 },
    ],
  };
  const plan = planned({ intent: routed(rule) });
  const name = (routesOf(plan, "cart")[0]?.["destination"] as { service: string }).service;
  expect(name).toMatch(/^cart-split-[0-9a-f]{8}$/);
  expect(specOf(plan, "ServiceDefaults", name)).toEqual({ protocol: "http" });
  expect(specOf(plan, "ServiceSplitter", name)).toEqual({
    splits: [
      { service: "cart", serviceSubset: "v1", weight: 75 },
      { service: "cart", serviceSubset: "v2", weight: 25 },
    ],
  });
});

test.each([
  [
    [1, 1, 1],
    [3334, 3333, 3333],
  ],
  [
    [1, 99_999],
    [1, 9999],
  ],
  [
    [1, 1, 100_000],
    [1, 1, 9998],
  ],
  [
    [50, 50],
    [5000, 5000],
  ],
])("the weights %j are %j hundredths of a percent", (weights, expected) => {
  expect(percentages(weights)).toEqual(expected);
});

test("versions are subsets by what instances say of themselves", () => {
  const labels = { "app.kubernetes.io/version": "2", "a-b": "c" };
  const cart = { ...services["shop/cart"], versions: { v2: { labels } } };
  const plan = planned({ intent: { services: { "shop/cart": cart } } });
  expect(specOf(plan, "ServiceResolver", "cart")).toEqual({
    subsets: {
      v2: { filter: 'Service.Meta["a-b"] == "c" and Service.Meta.app_kubernetes_io_version == "2"' },
    },
  });
});

test.each([
  [{ kind: "roundRobin" }, { policy: "round_robin" }],
  [{ kind: "random" }, { policy: "random" }],
  [{ kind: "leastRequest" }, { policy: "least_request" }],
  [
    { kind: "consistentHash", header: "x-u" },
    { policy: "ring_hash", hashPolicies: [{ field: "header", fieldValue: "x-u" }] },
  ],
  [
    { kind: "consistentHash", cookie: "sid" },
    {
      policy: "ring_hash",
      hashPolicies: [{ field: "cookie", fieldValue: "sid", cookieConfig: { session: true } }],
    },
  ],
  [
    { kind: "consistentHash", sourceIp: true },
    { policy: "ring_hash", hashPolicies: [{ sourceIP: true }] },
  ],
])("load balancing %j", (loadBalancing, loadBalancer) => {
  const web = { ...services["shop/web"], traffic: { loadBalancing } };
  const plan = planned({ intent: { services: { "shop/web": web } } });
  expect(specOf(plan, "ServiceResolver", "web")).toEqual({ loadBalancer });
});

test("connections go to another service as a whole", () => {
  const tcp = (name: string) => ({ serviceAccount: name, ports: [{ port: 5432, protocol: "tcp" }] });
  const db = { ...tcp("db"), versions: { blue: { labels: { colour: "blue" } } } };
  const route = (service: string, version?: string) => ({
    authorization: { default: "allow" },
    services: { "shop/db": db, "shop/old": tcp("old") },
    routes: [
      {
        kind: "tcp",
        for: { service },
        rules: [{ backends: [{ service: "shop/db", ...(version === undefined ? {} : { version }) }] }],
      },
    ],
  });
  expect(specOf(planned({ intent: route("shop/old", "blue") }), "ServiceResolver", "old")).toEqual({
    redirect: { service: "db", serviceSubset: "blue" },
  });
  expect(specOf(planned({ intent: route("shop/db", "blue") }), "ServiceResolver", "db")).toMatchObject({
    defaultSubset: "blue",
  });
});

test("a gRPC call is told by its path", () => {
  const greeter = { serviceAccount: "greeter", ports: [{ port: 50051, protocol: "grpc" }] };
  const backends = [{ service: "shop/greeter" }];
  const rules = [
    { match: [{ service: "a.B", method: "Get" }], backends },
    { match: [{ service: "a.B" }], backends },
    { match: [{ method: "Get" }], backends },
    { match: [{}], backends },
  ];
  const intent = {
    authorization: { default: "allow" },
    services: { "shop/greeter": greeter },
    routes: [{ kind: "grpc", for: { service: "shop/greeter" }, rules }],
  };
  expect(routesOf(planned({ intent }), "greeter").map(http)).toEqual([
    { pathExact: "/a.B/Get" },
    { pathRegex: "/a\\.B/[^/]+" },
    { pathRegex: "/[^/]+/Get" },
    undefined,
  ]);
});

test("what traffic says of a service is kept by those who may call it, and by nobody else", () => {
  const traffic = {
    outlierDetection: { consecutive5xx: 3, interval: "5s", baseEjectionTime: "1m", maxEjectionPercent: 40 },
    connectionLimits: { maxConnections: 10, maxPendingRequests: 20, maxRequests: 30 },
  };
  const account = (name: string) => ({ serviceAccount: name, ports: [{ port: 80, protocol: "http" }] });
  const intent = {
    services: {
      ...services,
      "shop/cart": { ...services["shop/cart"], traffic },
      "shop/other": account("other"),
    },
    access: [{ to: { service: "shop/cart" }, action: "allow", from: [{ service: "shop/web" }] }],
  };
  const plan = planned({ intent });
  expect(specOf(plan, "ServiceDefaults", "web")?.["upstreamConfig"]).toEqual({
    overrides: [
      {
        name: "cart",
        passiveHealthCheck: {
          maxFailures: 3,
          enforcingConsecutive5xx: 100,
          interval: "5s",
          baseEjectionTime: "60s",
          maxEjectionPercent: 40,
        },
        limits: { maxConnections: 10, maxPendingRequests: 20, maxConcurrentRequests: 30 },
      },
    ],
  });
  expect(specOf(plan, "ServiceDefaults", "other")).toEqual({ protocol: "http" });
  expect(specOf(plan, "ServiceDefaults", "cart")).toEqual({ protocol: "http" });
});
