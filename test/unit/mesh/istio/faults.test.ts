import { found } from "../../../../lib";
import { shop } from "../intents";
import { compiled, objectsOf, planned, specOf } from "./plans";

const backends = [{ service: "shop/cart" }];
const route = (rule: object): object => ({
  ...shop(),
  routes: [{ kind: "http", for: { service: "shop/cart" }, rules: [{ backends, ...rule }] }],
});
const cartWith = (traffic: object): object => {
  const { services } = shop() as { services: Record<string, object> };
  return { ...shop(), services: { ...services, "shop/cart": { ...services["shop/cart"], traffic } } };
};
const waypoints = { mode: "ambient", waypoints: "namespace" };
const errors = (intent: object, options: object = {}): string[] =>
  found(compiled({ intent, options }))
    .filter((d) => d.severity === "error")
    .map((d) => d.code);

test.each<[string, object, string]>([
  [
    "a header that Istio would read as the path",
    route({ match: [{ headers: { uri: { exact: "x" } } }] }),
    "unsupported-header",
  ],
  [
    "a retry by a status that is none",
    route({ retry: { retries: 1, on: [599] } }),
    "unsupported-retry-status",
  ],
  [
    "different budgets for one service",
    {
      ...shop(),
      routes: [
        {
          kind: "http",
          for: { service: "shop/cart" },
          rules: [
            { match: [{ path: { exact: "/a" } }], backends, retry: { retries: 1, budget: { percent: 10 } } },
            { backends, retry: { retries: 1 } },
          ],
        },
      ],
    },
    "unsupported-retry-budget",
  ],
  [
    "a limit that fills too fast",
    cartWith({ rateLimit: [{ requests: 1, per: "10ms" }] }),
    "unsupported-rate-limit",
  ],
  [
    "a preference and a place to fail over to that Istio cannot both have",
    cartWith({ locality: { prefer: "region", failover: [{ from: "a", to: "b" }] } }),
    "unsupported-locality",
  ],
  [
    "an authority in a Secret of another name",
    { ...shop(), mtls: { ca: { kind: "shared-root", secret: "mine" } } },
    "unsupported-ca-secret",
  ],
  [
    "a claim that would be a pattern",
    {
      ...shop(),
      jwtProviders: { login: { issuer: "i", jwksUri: "https://login.example/keys" } },
      access: [
        {
          to: { service: "shop/cart" },
          action: "allow",
          jwt: { provider: "login", claims: { groups: ["st*"] } },
        },
      ],
    },
    "unsupported-claim-value",
  ],
  [
    "two to be asked about the same requests",
    {
      ...shop(),
      externalAuthorization: ["a", "b"].map((name) => ({
        name,
        service: "shop/web",
        protocol: "http",
        to: [{ service: "shop/cart" }],
      })),
    },
    "unsupported-external-authorization",
  ],
  [
    "several hosts outside on one TCP port",
    {
      ...shop(),
      egress: {
        default: "deny",
        external: {
          db: { hosts: ["a.example.com", "b.example.com"], ports: [{ port: 5432, protocol: "tcp" }] },
        },
      },
    },
    "unsupported-external",
  ],
  [
    "one TCP port for two outside",
    {
      ...shop(),
      egress: {
        default: "deny",
        external: Object.fromEntries(
          ["a", "b"].map((name) => [
            name,
            { hosts: [`${name}.example.com`], ports: [{ port: 5432, protocol: "tcp" }] },
          ]),
        ),
      },
    },
    "unsupported-external",
  ],
])("%s is refused", (_, intent, code) => {
  expect(errors(intent)).toContain(code);
});

test("a redirect with a fault is refused", () => {
  const rule = { backends: undefined, match: [{ path: { prefix: "/a" } }], redirect: { path: "/b" } };
  expect(errors(route({ ...rule, fault: { abort: { percent: 1, status: 500 } } }))).toContain(
    "unsupported-fault",
  );
});

test.each<[string, object, object, string]>([
  [
    "a rewrite of the root that Istio would join wrongly",
    route({ rewrite: { prefix: "/v2" } }),
    { routes: "gatewayApi" },
    "unsupported-path-change",
  ],
  [
    "a retry on resets",
    route({ retry: { retries: 1, on: ["reset"] } }),
    { routes: "gatewayApi" },
    "unsupported-retry-condition",
  ],
  [
    "a retry of what took too long",
    route({ retry: { retries: 1, perTryTimeout: "1s", on: ["gateway-error"] } }),
    { routes: "gatewayApi" },
    "unsupported-retry-condition",
  ],
  ["a route of a service that nobody sees", route({}), { mode: "ambient" }, "unsupported-without-waypoints"],
  [
    "a name of TLS at a waypoint",
    {
      services: { "shop/db": { serviceAccount: "db", ports: [{ port: 5432, protocol: "tls" }] } },
      routes: [
        {
          kind: "tls",
          for: { service: "shop/db" },
          rules: [{ sni: ["a.example.com"], backends: [{ service: "shop/db" }] }],
        },
      ],
    },
    waypoints,
    "unsupported-at-waypoints",
  ],
  [
    "plaintext past a waypoint with policies",
    { ...shop(), mtls: { overrides: [{ service: "shop/cart", mode: "permissive" }] } },
    waypoints,
    "unsupported-plaintext",
  ],
  [
    "a federation without this cluster",
    {
      ...shop(),
      mtls: { ca: { kind: "shared-root", secret: "cacerts" } },
      federation: { trust: "shared-root", clusters: { a: {}, b: {} } },
    },
    { cluster: "c" },
    "unknown-cluster",
  ],
  [
    "clusters with a root each",
    { ...shop(), federation: { trust: "mesh", clusters: { a: {}, b: {} } } },
    { cluster: "a" },
    "unsupported-trust",
  ],
])("%s is refused there", (_, intent, options, code) => {
  expect(errors(intent, options)).toContain(code);
});

test("what two ways of writing a route find is said once", () => {
  const cookies = Object.fromEntries(["a", "b", "c", "d"].map((name) => [name, { exact: "1" }]));
  expect(errors(route({ match: [{ cookies }] }), { routes: "gatewayApi" })).toEqual([
    "unsupported-cookie-match",
  ]);
});

test("a denial of tokens is none of connections", () => {
  const to = { service: "shop/both" };
  const intent = {
    authorization: { default: "allow" },
    services: {
      "shop/both": {
        serviceAccount: "both",
        ports: [
          { port: 80, targetPort: 8080 },
          { port: 1, protocol: "tcp" },
        ],
      },
    },
    jwtProviders: { login: { issuer: "i", jwksUri: "https://login.example/keys" } },
    access: [{ to: { ...to, ports: [80] }, action: "deny", jwt: { provider: "login" } }],
  };
  expect(specOf(planned({ intent }), "AuthorizationPolicy", "shop/both-deny")).toHaveProperty("rules", [
    {
      to: [{ operation: { ports: ["8080"] } }],
      when: [{ key: "request.auth.claims[iss]", values: ["i"] }],
    },
  ]);
});

test("pods behind waypoints take connections from their waypoint alone, where anything is said of who may call", () => {
  const { services } = shop() as { services: object };
  const guards = (intent: object): (string | undefined)[] =>
    objectsOf(planned({ intent, options: waypoints }), "AuthorizationPolicy")
      .map((o) => o.metadata.name)
      .filter((name) => name.endsWith("-from-waypoint") || name === "default-deny-waypoints");
  expect(guards({ services, access: [{ to: { service: "shop/cart" }, action: "allow" }] })).toEqual([
    "default-deny-waypoints",
    "cart-from-waypoint",
  ]);
  expect(guards({ services, authorization: { default: "allow" } })).toEqual([]);
});
