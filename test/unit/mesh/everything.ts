import type { Intent } from "../../../mesh/intent";

const CALLS = [{ service: "shop/cart", version: "v1" }];
const KEYS = JSON.stringify({ keys: [{ kty: "EC", crv: "P-256", kid: "k", x: "eA", y: "eQ" }] });

const services: NonNullable<Intent["services"]> = {
  "shop/cart": {
    serviceAccount: "cart",
    ports: [{ port: 80, protocol: "http" }],
    versions: {
      v1: { labels: { version: "v1" } },
      v2: { labels: { version: "v2" } },
      v3: { labels: { version: "v3" } },
    },
    clusters: ["east", "west"],
    traffic: {
      healthCheck: { path: "/healthz" },
      outlierDetection: { consecutive5xx: 3 },
      connectionLimits: { maxConnections: 100 },
      loadBalancing: { kind: "consistentHash", header: "x-user" },
      locality: { prefer: "zone", failover: [{ from: "eu-west-1", to: "eu-central-1" }] },
      rateLimit: [
        { requests: 100, per: "1s", by: "source", scope: "proxy" },
        { requests: 9000, per: "1m", scope: "global" },
      ],
    },
  },
  "shop/greeter": {
    serviceAccount: "greeter",
    ports: [{ port: 50051, protocol: "grpc" }],
    traffic: { loadBalancing: { kind: "roundRobin" } },
  },
  "shop/db": {
    serviceAccount: "db",
    ports: [{ port: 5432, protocol: "tcp" }],
    workloads: "vm",
    traffic: { loadBalancing: { kind: "random" } },
  },
  "shop/vault": {
    serviceAccount: "vault",
    ports: [{ port: 8200, protocol: "tls" }],
    workloads: "ecs",
    traffic: { loadBalancing: { kind: "leastRequest" } },
  },
  "shop/web": {
    serviceAccount: "web",
    ports: [{ port: 80 }],
    versions: { v1: { labels: { version: "v1" } }, v2: { labels: { version: "v2" } } },
    traffic: { loadBalancing: { kind: "consistentHash", cookie: "sid" } },
  },
  "shop/asker": {
    serviceAccount: "asker",
    ports: [{ port: 9000, protocol: "grpc" }],
    traffic: { loadBalancing: { kind: "consistentHash", sourceIp: true } },
  },
};

const routes: NonNullable<Intent["routes"]> = [
  {
    kind: "http",
    for: { service: "shop/cart" },
    rules: [
      {
        match: [
          { path: { exact: "/items" }, method: "GET", headers: { "x-a": { exact: "1" } } },
          { path: { regex: "/i[0-9]+" }, headers: { "x-b": { regex: "b+" } }, query: { q: { exact: "1" } } },
          { path: { prefix: "/v1" }, query: { q: { regex: "a+" } }, cookies: { who: { exact: "me" } } },
        ],
        backends: [...CALLS, { service: "shop/cart", version: "v2", weight: 2 }],
        timeout: "10s",
        retry: {
          retries: 2,
          perTryTimeout: "2s",
          on: ["5xx", 429],
          backoff: "25ms",
          budget: { percent: 20 },
        },
        fault: { delay: { percent: 1, duration: "1s" }, abort: { percent: 0.5, status: 503 } },
        mirror: [
          { service: "shop/web", percent: 5 },
          { service: "shop/cart", version: "v2" },
        ],
        headers: { request: { set: { "x-via": "mesh" } }, response: { remove: ["server"] } },
      },
      {
        match: [{ path: { prefix: "/old" } }],
        backends: CALLS,
        rewrite: { prefix: "/new", host: "new.example" },
      },
      { match: [{ path: { exact: "/one" } }], backends: CALLS, rewrite: { path: "/two" } },
      { match: [{ path: { prefix: "/gone" } }], redirect: { prefix: "/here", status: 301 } },
    ],
  },
  {
    kind: "grpc",
    for: { service: "shop/greeter" },
    rules: [
      { match: [{ service: "shop.Greeter", method: "Hello" }], backends: [{ service: "shop/greeter" }] },
    ],
  },
  { kind: "tcp", for: { service: "shop/db" }, rules: [{ backends: [{ service: "shop/db" }] }] },
  {
    kind: "tls",
    for: { gateway: "edge", hosts: ["vault.example.com"] },
    rules: [{ sni: ["vault.example.com"], backends: [{ service: "shop/vault" }] }],
  },
];

const access: NonNullable<Intent["access"]> = [
  {
    to: { service: "shop/cart", ports: [80] },
    action: "allow",
    from: [
      { service: "shop/web" },
      { gateway: "edge" },
      { namespace: "ops" },
      { principal: "spiffe://prod.example/ns/ops/sa/prober" },
      { ipBlocks: ["10.0.0.0/8"] },
    ],
    operations: [{ methods: ["GET"], paths: ["/items/*"] }],
    jwt: { provider: "login", claims: { groups: ["staff"] } },
  },
  { to: { service: "shop/cart" }, action: "allow", operations: [{ methods: ["GET"], paths: ["/healthz"] }] },
  { to: { service: "shop/cart" }, action: "deny", from: [{ namespace: "guests" }] },
  { to: { service: "shop/web" }, action: "audit" },
  { to: { service: "shop/vault" }, action: "allow", from: [{ gateway: "edge" }] },
];

/** An intent that asks for nearly everything that one intent can ask for. */
export function everything(): Intent {
  return {
    mtls: {
      trustDomain: "prod.example",
      ca: { kind: "shared-root", secret: "cacerts" },
      overrides: [
        { namespace: "legacy", mode: "permissive" },
        { service: "shop/db", mode: "permissive" },
        { service: "shop/cart", port: 80, mode: "permissive" },
      ],
    },
    services,
    routes,
    access,
    jwtProviders: {
      login: { issuer: "https://login.example", jwksUri: "https://login.example/keys" },
      other: { issuer: "https://other.example", jwks: KEYS },
    },
    externalAuthorization: [{ name: "asker", service: "shop/asker", to: [{ service: "shop/cart" }] }],
    gateways: {
      edge: {
        listeners: [
          { port: 80, protocol: "http", hosts: ["shop.example.com"] },
          { port: 443, protocol: "https", hosts: ["shop.example.com"], tls: { secret: "shop" } },
          { port: 8443, protocol: "tls", hosts: ["vault.example.com"] },
        ],
      },
      office: { exposure: "internal", listeners: [{ port: 50051, protocol: "grpc" }] },
      inside: { exposure: "cluster", listeners: [{ port: 5432, protocol: "tcp" }] },
    },
    egress: {
      external: {
        github: { hosts: ["api.github.com"], ports: [{ port: 443, protocol: "tls" }] },
        amazon: { hosts: ["*.amazonaws.com"], ports: [{ port: 443, protocol: "tls" }] },
      },
    },
    telemetry: { tracing: { samplingPercent: 1 }, accessLogs: "errors" },
    rollouts: [
      {
        service: "shop/cart",
        from: "v1",
        to: "v2",
        strategy: "canary",
        steps: [50, 100],
        interval: "1m",
        success: { successRate: 99 },
      },
      { service: "shop/web", from: "v1", to: "v2", strategy: "blueGreen", success: { p99: "500ms" } },
    ],
    federation: { trust: "shared-root", clusters: { east: {}, west: {} } },
  };
}

/** What excludes something of the above. */
export const otherwise: readonly Intent[] = [
  { mtls: { mode: "permissive" }, authorization: { default: "allow" }, egress: { default: "allow" } },
  { mtls: { ca: { kind: "cert-manager", issuer: "mesh-ca" } } },
  { mtls: { ca: { kind: "vault", address: "https://vault.example", path: "pki", role: "mesh" } } },
  { mtls: { ca: { kind: "aws-pca", arn: "arn:aws:acm-pca:eu-west-1:1:certificate-authority/x" } } },
  { mtls: { ca: { kind: "key-vault", vaultId: "/subscriptions/x", prefix: "mesh" } } },
  { mtls: { ca: { kind: "gcp-cas", pool: "projects/p/locations/l/caPools/c" } } },
];
