import { everything } from "./everything";
import { complaints, valid } from "./intents";

const cart = { serviceAccount: "cart", ports: [{ port: 80 }] };
const service = (more: object) => ({ services: { "shop/cart": { ...cart, ...more } } });
const traffic = (more: object) => service({ traffic: more });
const route = (kind: string, rule: object, target: object = { service: "shop/cart" }) => ({
  ...service({ ports: [{ port: 80, protocol: kind === "http" ? "http" : kind }] }),
  routes: [{ kind, for: target, rules: [{ backends: [{ service: "shop/cart" }], ...rule }] }],
});
const keys = (...all: object[]) => JSON.stringify({ keys: all });

test("every part of the intent has its defaults and its normal form", () => {
  const intent = valid(everything());
  const cartService = intent.services.find(({ key }) => key === "shop/cart");
  expect(cartService?.traffic).toMatchObject({
    healthCheck: { path: "/healthz", intervalMs: 10_000, timeoutMs: 1000 },
    outlierDetection: {
      consecutive5xx: 3,
      intervalMs: 10_000,
      baseEjectionTimeMs: 30_000,
      maxEjectionPercent: 10,
    },
    loadBalancing: { kind: "consistentHash", by: { kind: "header", name: "x-user" } },
    locality: { prefer: "zone", failover: [{ from: "eu-west-1", to: "eu-central-1" }] },
    rateLimits: [
      { requests: 100, perMs: 1000, by: "source", scope: "proxy" },
      { requests: 9000, perMs: 60_000, by: "all", scope: "global" },
    ],
  });
  expect(intent.mtls.ca).toEqual({ kind: "shared-root", secret: "cacerts", at: ["mtls", "ca"] });
  expect(intent.jwtProviders.map(({ name, audiences, forward }) => [name, audiences, forward])).toEqual([
    ["login", [], false],
    ["other", [], false],
  ]);
  expect(intent.externalAuthorization).toMatchObject([
    { protocol: "grpc", port: 9000, timeoutMs: 1000, failOpen: false },
  ]);
  expect(intent.egress).toMatchObject({
    default: "deny",
    external: [{ name: "amazon" }, { name: "github" }],
  });
  expect(intent.telemetry).toEqual({
    tracing: { samplingPercent: 1 },
    accessLogs: "errors",
    metrics: true,
    at: ["telemetry"],
  });
  expect(intent.rollouts.map(({ strategy }) => strategy)).toEqual([
    { kind: "canary", steps: [50, 100], intervalMs: 60_000 },
    { kind: "blueGreen" },
  ]);
  expect(intent.federation?.clusters).toEqual(["east", "west"]);
});

test("rules of every kind of route have their normal form", () => {
  const [http] = valid({
    ...service({ versions: { v1: { labels: { v: "1" } } } }),
    routes: [
      {
        kind: "http",
        for: { service: "shop/cart" },
        rules: [
          {
            match: [{ cookies: { Sid: { regex: "a+" } } }],
            backends: [{ service: "shop/cart" }],
            mirror: [{ service: "shop/cart", version: "v1" }],
            headers: { request: { set: { "X-B": "2", "X-A": "1" }, remove: ["X-C"] } },
            rewrite: { prefix: "/v2/" },
            fault: { abort: { percent: 0.0001, status: 503 } },
          },
        ],
      },
    ],
  }).routes;
  expect(http?.rules[0]).toMatchObject({
    matches: [
      {
        path: { kind: "prefix", value: "/" },
        cookies: [{ name: "Sid", match: { kind: "regex", value: "a+" } }],
      },
    ],
    mirrors: [{ service: "shop/cart", version: "v1", port: 80, percent: 100 }],
    headers: {
      request: {
        set: [
          { name: "x-a", value: "1" },
          { name: "x-b", value: "2" },
        ],
        add: [],
        remove: ["x-c"],
      },
      response: { set: [], add: [], remove: [] },
    },
    rewrite: { path: { kind: "prefix", value: "/v2" } },
    fault: { abort: { percent: 0.0001, status: 503 } },
  });
  const [grpc] = valid(
    route("grpc", { match: [{ method: "Hello", headers: { "X-A": { exact: "1" } } }] }),
  ).routes;
  expect(grpc?.rules[0]).toMatchObject({
    matches: [{ method: "Hello", headers: [{ name: "x-a" }] }],
    backends: [{ port: 80, weight: 1 }],
    mirrors: [],
  });
  const [tls] = valid(route("tls", { sni: ["b.example", "a.example"] })).routes;
  expect(tls?.rules[0]).toMatchObject({ sni: ["a.example", "b.example"], backends: [{ port: 80 }] });
});

test("a redirect is a 302 unless it says otherwise, and says its path in one of two ways", () => {
  const [{ rules: [rule] = [] } = {}] = valid({
    ...service({}),
    routes: [
      {
        kind: "http",
        for: { service: "shop/cart" },
        rules: [{ redirect: { host: "new.example", path: "/x" } }],
      },
    ],
  }).routes;
  expect(rule).toMatchObject({
    backends: [],
    redirect: { host: "new.example", path: { kind: "full", value: "/x" }, status: 302 },
  });
});

test.each<[string, object]>([
  ["unknown-value at mtls.ca.kind", { mtls: { ca: { kind: "acme" } } }],
  ["missing-key at mtls.ca.secret", { mtls: { ca: { kind: "shared-root" } } }],
  ["unknown-key at mtls.ca.issuer", { mtls: { ca: { kind: "mesh", issuer: "x" } } }],
  [
    "bad-url at mtls.ca.address",
    { mtls: { ca: { kind: "vault", address: "vault:8200", path: "pki", role: "r" } } },
  ],
  ['unknown-value at services["shop/cart"].workloads', service({ workloads: "lambda" })],
  [
    'not-exactly-one at services["shop/cart"].traffic.loadBalancing',
    traffic({ loadBalancing: { kind: "consistentHash" } }),
  ],
  [
    'unknown-value at services["shop/cart"].traffic.loadBalancing.kind',
    traffic({ loadBalancing: { kind: "fastest" } }),
  ],
  ['empty-section at services["shop/cart"].traffic.connectionLimits', traffic({ connectionLimits: {} })],
  [
    'out-of-range at services["shop/cart"].traffic.rateLimit[0].requests',
    traffic({ rateLimit: [{ requests: 0, per: "1s" }] }),
  ],
  [
    "unknown-value at routes[0].kind",
    { ...route("http", {}), routes: [{ ...route("http", {}).routes[0], kind: "udp" }] },
  ],
  [
    "out-of-range at routes[0].rules[0].fault.abort.percent",
    route("http", { fault: { abort: { percent: 0, status: 503 } } }),
  ],
  [
    "out-of-range at routes[0].rules[0].fault.abort.percent",
    route("http", { fault: { abort: { percent: 0.00001, status: 503 } } }),
  ],
  [
    "out-of-range at routes[0].rules[0].fault.abort.status",
    route("grpc", { fault: { abort: { percent: 1, status: 503 } } }),
  ],
  ["not-exactly-one at routes[0].rules[0].rewrite", route("http", { rewrite: { prefix: "/a", path: "/b" } })],
  ["unknown-key at routes[0].rules[0].rewrite", route("grpc", { rewrite: { host: "x" } })],
  ["unknown-key at routes[0].rules[0].timeout", route("tcp", { timeout: "1s" })],
  ["missing-key at routes[0].rules[0].sni", route("tls", {})],
  ["bad-name at routes[0].rules[0].match[0].service", route("grpc", { match: [{ service: "a-b" }] })],
  [
    "out-of-range at routes[0].rules[0].retry.budget.percent",
    route("http", { retry: { retries: 1, budget: { percent: 0.5 } } }),
  ],
  [
    "bad-cidr at access[0].from[0].ipBlocks[0]",
    { access: [{ to: { service: "a/b" }, action: "allow", from: [{ ipBlocks: ["10.0.0.1"] }] }] },
  ],
  [
    "bad-name at access[0].jwt.claims.a[b]",
    {
      access: [
        { to: { service: "a/b" }, action: "allow", jwt: { provider: "p", claims: { "a[b]": ["x"] } } },
      ],
    },
  ],
  ["not-exactly-one at jwtProviders.p", { jwtProviders: { p: { issuer: "x" } } }],
  ["bad-jwks at jwtProviders.p.jwks", { jwtProviders: { p: { issuer: "x", jwks: "{}" } } }],
  [
    "bad-jwks at jwtProviders.p.jwks",
    { jwtProviders: { p: { issuer: "x", jwks: keys({ kty: "EC", d: "secret" }) } } },
  ],
  [
    "bad-jwks at jwtProviders.p.jwks",
    { jwtProviders: { p: { issuer: "x", jwks: keys({ kty: "oct", k: "secret" }) } } },
  ],
  ["out-of-range at telemetry.tracing.samplingPercent", { telemetry: { tracing: { samplingPercent: 101 } } }],
  [
    "bad-endpoint at telemetry.tracing.endpoint",
    { telemetry: { tracing: { samplingPercent: 1, endpoint: "http://x" } } },
  ],
  [
    "bad-steps at rollouts[0].steps",
    {
      rollouts: [
        {
          service: "a/b",
          from: "v1",
          to: "v2",
          strategy: "canary",
          steps: [50, 20, 100],
          interval: "1m",
          success: { successRate: 99 },
        },
      ],
    },
  ],
  [
    "bad-steps at rollouts[0].steps",
    {
      rollouts: [
        {
          service: "a/b",
          from: "v1",
          to: "v2",
          strategy: "canary",
          steps: [50],
          interval: "1m",
          success: { successRate: 99 },
        },
      ],
    },
  ],
  [
    "empty-section at rollouts[0].success",
    { rollouts: [{ service: "a/b", from: "v1", to: "v2", strategy: "blueGreen", success: {} }] },
  ],
  [
    "unknown-key at federation.clusters.east.region",
    { federation: { trust: "mesh", clusters: { east: { region: "x" } } } },
  ],
  ["bad-place at degrade[0].at", { degrade: [{ capability: "retry", at: "routes[", reason: "x" }] }],
  ["bad-text at degrade[0].reason", { degrade: [{ capability: "retry", at: "routes", reason: " " }] }],
  ["empty-list at raw.istio", { raw: { istio: [] } }],
])("%s", (complaint, intent) => {
  const [code, place] = complaint.split(" at ");
  const found = complaints(intent).map((each) => each.replace(/\["a\[b\]"\]$/, ".a[b]"));
  expect(found.filter((each) => each.startsWith(`${code} at ${place}`))).not.toEqual([]);
});

test("a tcp route has one rule", () => {
  const rule = { backends: [{ service: "shop/cart" }] };
  const intent = {
    ...route("tcp", {}),
    routes: [{ kind: "tcp", for: { service: "shop/cart" }, rules: [rule, rule] }],
  };
  expect(complaints(intent)).toEqual(["too-many-rules at routes[0].rules"]);
});
