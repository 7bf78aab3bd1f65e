import { complaints, shop } from "../intents";

test("HTTP routes, backends and operations need a port that carries HTTP", () => {
  const intent = shop();
  expect(
    complaints({
      ...intent,
      services: {
        ...intent.services,
        "shop/db": { serviceAccount: "db", ports: [{ port: 5432, protocol: "tcp" }] },
        "shop/both": { serviceAccount: "both", ports: [{ port: 80 }, { port: 5432, protocol: "tcp" }] },
      },
      routes: [
        {
          kind: "http",
          for: { service: "shop/db" },
          rules: [{ backends: [{ service: "shop/db", port: 5432 }] }],
        },
      ],
      access: [
        { to: { service: "shop/db" }, action: "allow", operations: [{ methods: ["GET"] }] },
        { to: { service: "shop/db" }, action: "allow" },
        { to: { service: "shop/both" }, action: "deny", operations: [{ methods: ["GET"] }] },
        { to: { service: "shop/both", ports: [80] }, action: "deny", operations: [{ methods: ["GET"] }] },
      ],
    }),
  ).toEqual([
    "wrong-protocol at routes[0].for",
    "wrong-protocol at routes[0].rules[0].backends[0]",
    "wrong-protocol at access[2].operations",
    "wrong-protocol at access[0].operations",
  ]);
});

test.each([
  ["http", "http2", []],
  ["http", "tcp", ["for", "rules[0].backends[0]"]],
  ["grpc", "grpc", []],
  ["grpc", "http2", []],
  ["grpc", "http", ["for", "rules[0].backends[0]"]],
  ["tcp", "tcp", []],
  ["tcp", "tls", []],
  ["tcp", "http", ["for", "rules[0].backends[0]"]],
  ["tls", "tls", []],
  ["tls", "tcp", ["for", "rules[0].backends[0]"]],
])("a %s route to a port for %s", (kind, protocol, places) => {
  const rule = { ...(kind === "tls" && { sni: ["a.example"] }), backends: [{ service: "shop/x" }] };
  const intent = {
    services: { "shop/x": { serviceAccount: "x", ports: [{ port: 1, protocol }] } },
    routes: [{ kind, for: { service: "shop/x" }, rules: [rule] }],
  };
  expect(complaints(intent)).toEqual(places.map((place) => `wrong-protocol at routes[0].${place}`));
});

test("health checks, rate limits, header hashes and tokens need requests to look at", () => {
  const traffic = {
    healthCheck: { path: "/healthz" },
    loadBalancing: { kind: "consistentHash", header: "x" },
    rateLimit: [{ requests: 1, per: "1s" }],
  };
  const service = (protocol: string) => ({ serviceAccount: "x", ports: [{ port: 1, protocol }], traffic });
  const intent = (protocol: string) => ({
    services: { "shop/x": service(protocol) },
    authorization: { default: "allow" },
    jwtProviders: { login: { issuer: "x", jwksUri: "https://x.example" } },
    access: [{ to: { service: "shop/x" }, action: "deny", jwt: { provider: "login" } }],
  });
  expect(complaints(intent("http"))).toEqual([]);
  expect(complaints(intent("tcp"))).toEqual([
    "wrong-protocol at access[0].jwt",
    'wrong-protocol at services["shop/x"].traffic.healthCheck',
    'wrong-protocol at services["shop/x"].traffic.loadBalancing',
    'wrong-protocol at services["shop/x"].traffic.rateLimit[0]',
  ]);
});
