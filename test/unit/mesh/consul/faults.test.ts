import { routed, said, services } from "./plans";

const open = { authorization: { default: "allow" } };
const cart = { service: "shop/cart" };
const http = (name: string, more: object = {}) => ({
  serviceAccount: name,
  ports: [{ port: 80, protocol: "http" }],
  ...more,
});
const tcp = (name: string, more: object = {}) => ({
  serviceAccount: name,
  ports: [{ port: 5432, protocol: "tcp" }],
  ...more,
});
const jwtProviders = { login: { issuer: "https://i.example", jwksUri: "https://i.example/k" } };
const token = (group: string) => ({ provider: "login", claims: { groups: [group] } });
const serviceRoute = (key: string, ...rules: object[]) => ({ kind: "http", for: { service: key }, rules });

/** Each thing that Consul has by itself and not like this, and where it is said. */
const cases: readonly (readonly [string, object, readonly string[]])[] = [
  [
    "two services of one name",
    { services: { ...services, "other/cart": http("cart") } },
    ['unsupported-name at services["shop/cart"]'],
  ],
  [
    "a service account of another name",
    { services: { "shop/cart": http("bookinfo-cart") } },
    ['unsupported-service-account at services["shop/cart"].serviceAccount'],
  ],
  [
    "two ports",
    { services: { "shop/cart": http("cart", { ports: [{ port: 80 }, { port: 81 }] }) } },
    ['unsupported-ports at services["shop/cart"].ports'],
  ],
  [
    "plaintext where access is closed",
    {
      services: { "shop/web": http("web") },
      mtls: { mode: "permissive" },
      authorization: { default: "deny" },
    },
    ['unsupported-permissive at services["shop/web"]'],
  ],
  [
    "plaintext where access names the service",
    {
      services,
      ...open,
      mtls: { overrides: [{ service: "shop/cart", mode: "permissive" }] },
      access: [{ to: cart, action: "deny", from: [{ service: "shop/web" }] }],
    },
    ['unsupported-permissive at services["shop/cart"]'],
  ],
  [
    "a deny by token",
    { services, jwtProviders, access: [{ to: cart, action: "deny", jwt: token("x") }] },
    ["unsupported-token-deny at access[0].jwt"],
  ],
  [
    "a deny by namespace",
    { services, access: [{ to: cart, action: "deny", from: [{ namespace: "shop" }] }] },
    ["unsupported-namespace-deny at access[0].from[0]"],
  ],
  [
    "a namespace of which nothing is known",
    { services, access: [{ to: cart, action: "allow", from: [{ namespace: "ops" }] }] },
    ["unsupported-namespace at access[0].from[0]"],
  ],
  [
    "two tokens for requests that are partly the same",
    {
      services,
      jwtProviders,
      access: [
        { to: cart, action: "allow", jwt: token("x"), operations: [{ paths: ["/a*"] }] },
        { to: cart, action: "allow", jwt: token("y"), operations: [{ paths: ["/a/b"] }] },
      ],
    },
    ["unsupported-token-overlap at access[1]"],
  ],
  [
    "claims with many choices",
    {
      services,
      jwtProviders,
      access: [
        {
          to: cart,
          action: "allow",
          jwt: {
            provider: "login",
            claims: Object.fromEntries(["a", "b", "c"].map((c) => [c, ["1", "2", "3", "4", "5"]])),
          },
        },
      ],
    },
    ["unsupported-claims at access[0].jwt"],
  ],
  [
    "routes that do not hold for all requests",
    {
      services,
      ...open,
      routes: [serviceRoute("shop/cart", { match: [{ path: { prefix: "/a" } }], backends: [cart] })],
    },
    ["unsupported-unmatched at routes[0]"],
  ],
  [
    "a path by regular expression, rewritten",
    routed({ match: [{ path: { regex: "/a.*" } }], rewrite: { path: "/b" }, backends: [cart] }),
    ["unsupported-route at routes[0].rules[0].rewrite"],
  ],
  [
    "the whole of a path by prefix, rewritten",
    routed({ match: [{ path: { prefix: "/a" } }], rewrite: { path: "/b" }, backends: [cart] }),
    ["unsupported-route at routes[0].rules[0].rewrite"],
  ],
  [
    "backends of another protocol",
    {
      services: { ...services, "shop/new": http("new", { ports: [{ port: 80, protocol: "http2" }] }) },
      ...open,
      routes: [serviceRoute("shop/cart", { backends: [{ service: "shop/new" }] })],
    },
    ["unsupported-protocols at routes[0].rules[0].backends"],
  ],
  [
    "backends that callers should treat differently",
    {
      services: {
        ...services,
        "shop/new": http("new", { traffic: { connectionLimits: { maxConnections: 1 } } }),
      },
      ...open,
      routes: [serviceRoute("shop/cart", { backends: [{ service: "shop/new" }] })],
    },
    ["unsupported-treatment at routes[0].rules[0].backends"],
  ],
  [
    "backends that hash requests differently",
    {
      services: {
        ...services,
        "shop/new": http("new", { traffic: { loadBalancing: { kind: "consistentHash", header: "x" } } }),
      },
      ...open,
      routes: [serviceRoute("shop/cart", { backends: [cart, { service: "shop/new" }] })],
    },
    ["unsupported-load-balancing at routes[0].rules[0].backends"],
  ],
  [
    "connections split",
    {
      services: { "shop/a": tcp("a"), "shop/b": tcp("b") },
      ...open,
      routes: [
        {
          kind: "tcp",
          for: { service: "shop/a" },
          rules: [{ backends: [{ service: "shop/a" }, { service: "shop/b" }] }],
        },
      ],
    },
    ["unsupported-split at routes[0]"],
  ],
  [
    "connections led on and on",
    {
      services: { "shop/a": tcp("a"), "shop/b": tcp("b"), "shop/c": tcp("c") },
      ...open,
      routes: [
        { kind: "tcp", for: { service: "shop/a" }, rules: [{ backends: [{ service: "shop/b" }] }] },
        { kind: "tcp", for: { service: "shop/b" }, rules: [{ backends: [{ service: "shop/c" }] }] },
      ],
    },
    [
      "unsupported-chain at routes[0].rules[0].backends[0]",
      "unsupported-chain at routes[0].rules[0].backends[0]",
    ],
  ],
  [
    "connections hashed",
    {
      services: {
        "shop/a": tcp("a", { traffic: { loadBalancing: { kind: "consistentHash", sourceIp: true } } }),
      },
    },
    ['unsupported-hash at services["shop/a"].traffic.loadBalancing'],
  ],
  [
    "failover from a region",
    {
      services: {
        "shop/a": http("a", {
          traffic: { locality: { failover: [{ from: "eu-west-1", to: "eu-central-1" }] } },
        }),
      },
    },
    ['unsupported-failover at services["shop/a"].traffic.locality.failover'],
  ],
  [
    "labels that are one in Consul",
    { services: { "shop/a": http("a", { versions: { v1: { labels: { "a.b": "1", a_b: "2" } } } }) } },
    ['unsupported-labels at services["shop/a"].versions.v1.labels'],
  ],
  [
    "spans for nobody",
    { services, telemetry: { tracing: { samplingPercent: 1 } } },
    ["missing-endpoint at telemetry.tracing"],
  ],
  [
    "an authorizer for some requests, that may not be called",
    {
      services: { ...services, "shop/authz": http("authz") },
      authorization: { default: "deny" },
      externalAuthorization: [
        {
          name: "check",
          service: "shop/authz",
          protocol: "http",
          to: [{ ...cart, operations: [{ paths: ["/a"] }] }],
        },
      ],
    },
    [
      "unsupported-operations at externalAuthorization[0].to",
      "unreachable-authorizer at externalAuthorization[0].service",
    ],
  ],
  [
    "connections to hosts outside that do not name them",
    {
      services,
      egress: {
        default: "deny",
        external: { mail: { hosts: ["mail.example"], ports: [{ port: 25, protocol: "tcp" }] } },
      },
    },
    ["unsupported-external-protocol at egress.external.mail.ports"],
  ],
];

test.each(cases)("%s", (_, intent, expected) => {
  expect(said({ intent })).toEqual(expected);
});

test("without ACLs, pods may run as anybody", () => {
  const intent = { services: { "shop/cart": http("bookinfo-cart") } };
  expect(said({ intent, options: { acls: false } })).toEqual([]);
});
