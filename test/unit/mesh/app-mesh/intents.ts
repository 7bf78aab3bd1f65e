/** Everything that App Mesh can do, in one intent. */
export const everything = {
  mtls: {
    overrides: [
      { service: "shop/legacy", mode: "permissive" },
      { namespace: "old", mode: "permissive" },
    ],
  },
  services: {
    "shop/web": { serviceAccount: "web", ports: [{ port: 80, targetPort: 8080 }] },
    "shop/cart": {
      serviceAccount: "cart",
      ports: [
        { port: 80, targetPort: 8080 },
        { port: 9000, protocol: "grpc" },
        { port: 5432, protocol: "tcp" },
      ],
      versions: { v1: { labels: { version: "v1" } }, v2: { labels: { version: "v2" } } },
      traffic: {
        healthCheck: { path: "/healthz", interval: "10s", timeout: "2s" },
        outlierDetection: {
          consecutive5xx: 5,
          interval: "10s",
          baseEjectionTime: "30s",
          maxEjectionPercent: 50,
        },
      },
    },
    "shop/legacy": {
      serviceAccount: "legacy",
      ports: [{ port: 80 }],
      traffic: { connectionLimits: { maxConnections: 10, maxPendingRequests: 5 } },
    },
    "old/db": { serviceAccount: "db", ports: [{ port: 5432, protocol: "tcp" }] },
  },
  routes: [
    {
      kind: "http",
      for: { service: "shop/cart", port: 80 },
      rules: [
        {
          name: "special",
          match: [
            {
              path: { exact: "/exact" },
              method: "GET",
              headers: { "X-A": { exact: "1" }, b: { regex: "[0-9]+" } },
            },
            { path: { prefix: "/api" }, query: { q: { exact: "1" } }, cookies: { user: { exact: "j.d" } } },
            { path: { regex: "/v[0-9]/.*" } },
          ],
          backends: [{ service: "shop/cart", port: 80, version: "v2" }],
          timeout: "3s",
          retry: { retries: 2, perTryTimeout: "250ms", on: ["5xx", "connect-failure", "retriable-4xx"] },
        },
        {
          backends: [
            { service: "shop/cart", port: 80, version: "v1", weight: 95 },
            { service: "shop/cart", port: 80, version: "v2", weight: 5 },
          ],
        },
      ],
    },
    {
      kind: "grpc",
      for: { service: "shop/cart", port: 9000 },
      rules: [
        {
          match: [
            { service: "cart.Cart", method: "Add", headers: { tenant: { exact: "a" } } },
            { service: "cart.Cart" },
          ],
          backends: [{ service: "shop/cart", port: 9000, version: "v1" }],
          retry: { retries: 1 },
        },
      ],
    },
    {
      kind: "tcp",
      for: { service: "old/db" },
      rules: [
        {
          backends: [
            { service: "old/db", weight: 1 },
            { service: "shop/cart", port: 5432, weight: 3 },
          ],
        },
      ],
    },
    {
      kind: "http",
      for: { gateway: "public", hosts: ["shop.example.com"] },
      rules: [
        {
          match: [{ path: { prefix: "/cart" } }],
          backends: [{ service: "shop/cart", port: 80 }],
          rewrite: { prefix: "/" },
          timeout: "5s",
        },
        {
          match: [{ path: { prefix: "/old" } }],
          backends: [{ service: "shop/web" }],
          rewrite: { path: "/new" },
        },
        {
          backends: [
            { service: "shop/web", weight: 3 },
            { service: "shop/legacy", weight: 1 },
          ],
        },
      ],
    },
  ],
  gateways: {
    public: {
      listeners: [
        { port: 80, protocol: "http", hosts: ["*.example.com"] },
        { port: 443, protocol: "https", hosts: ["*.example.com"], tls: { secret: "example-cert" } },
      ],
    },
  },
  egress: {
    default: "deny",
    external: { github: { hosts: ["api.github.com"], ports: [{ port: 443, protocol: "tls" }] } },
  },
  telemetry: { accessLogs: "all", tracing: { samplingPercent: 1 } },
};

/** The same for tasks of ECS: gRPC at gateways and methods there are the controller's only. */
export function elsewhere(workloads: "ecs" | "vm"): object {
  const services = Object.fromEntries(
    Object.entries(everything.services).map(([key, service]) => [key, { ...service, workloads }]),
  );
  return { ...everything, services };
}
