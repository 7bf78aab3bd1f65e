import type { Intent } from "../../../mesh/intent";
import { ask, because, short, world, type Ask } from "./ask";

const LISTENERS: NonNullable<Intent["gateways"]>[string]["listeners"] = [
  { port: 80, protocol: "http", hosts: ["*.example.com", "shop.test"] },
  { port: 443, protocol: "https", hosts: ["*.example.com"], tls: { secret: "cert" } },
];

type Route = NonNullable<Intent["routes"]>[number];

const to = (service: string, hosts: string[], match: object = {}): Route => ({
  kind: "http",
  for: { gateway: "door", hosts },
  rules: [{ match: [match], backends: [{ service }] }],
});

const door = (routes: Route[], extra: Intent = {}): Intent =>
  world({ ...extra, gateways: { door: { listeners: LISTENERS } }, routes });

const at = (port: number, host: string, rest: Ask = {}): Ask => ({
  from: { kind: "unmeshed", address: "203.0.113.9" },
  to: { kind: "gateway", gateway: "door", port, address: "10.0.0.7" },
  host,
  ...rest,
});

describe("hosts", () => {
  const intent = door([
    to("shop/web", ["*.example.com"]),
    to("shop/cart", ["a.example.com"], { path: { prefix: "/cart" } }),
    to("shop/cart", ["*.deep.example.com"]),
  ]);
  test.each<[string, number, string, string, string]>([
    ["a wildcard", 80, "b.example.com", "GET /", "shop/web:80"],
    ["in any case, with a port", 80, "B.EXAMPLE.com:80", "GET /", "shop/web:80"],
    ["the exact host before it", 80, "a.example.com", "GET /cart", "shop/cart:80"],
    ["the exact host alone, though its rules do not match", 80, "a.example.com", "GET /other", "404"],
    ["the longer wildcard first", 80, "x.deep.example.com", "GET /", "shop/cart:80"],
    ["a wildcard is for what lies within it", 80, "example.com", "GET /", "404"],
    ["a host that a listener takes and no route is for", 80, "shop.test", "GET /", "404"],
    ["a host that no listener takes", 80, "other.test", "GET /", "404"],
    ["a host without certificate", 443, "shop.test", "GET /", "refused no-listener"],
    ["another listener", 443, "b.example.com", "GET /", "shop/web:80"],
    ["no listener", 81, "b.example.com", "GET /", "refused no-listener"],
  ])("%s", (_, port, host, line, expected) => {
    expect(short(ask(intent, at(port, host, { line })))).toBe(expected);
  });
  test("a redirect says the listener's scheme and port", () => {
    const route: Route = {
      kind: "http",
      for: { gateway: "door", hosts: ["a.example.com"] },
      rules: [{ redirect: { path: "/x" } }],
    };
    expect(short(ask(door([route]), at(443, "a.example.com")))).toBe("302 https://a.example.com/x");
    expect(short(ask(door([route]), at(80, "a.example.com")))).toBe("302 http://a.example.com/x");
  });
});

test("routes of the service do not hold for what comes through a gateway", () => {
  const own: Route = {
    kind: "http",
    for: { service: "shop/cart" },
    rules: [{ backends: [{ service: "shop/cart", version: "v2" }] }],
  };
  const intent = door([own, to("shop/cart", ["a.example.com"])]);
  expect(short(ask(intent, at(80, "a.example.com")))).toBe("shop/cart:80");
});

test("gateways are told apart, by their routes and by access", () => {
  const listeners = [{ port: 80, protocol: "http" as const }];
  const route = (gateway: string, service: string): Route => ({
    kind: "http",
    for: { gateway },
    rules: [{ backends: [{ service }] }],
  });
  const intent = world({
    gateways: { front: { listeners }, back: { listeners } },
    routes: [route("front", "shop/cart"), route("back", "shop/web")],
    access: [{ to: { service: "shop/web" }, action: "allow", from: [{ gateway: "front" }] }],
  });
  const through = (gateway: string) =>
    short(
      ask(intent, { from: { kind: "unmeshed" }, to: { kind: "gateway", gateway, port: 80 }, host: "a.test" }),
    );
  expect([through("front"), through("back")]).toEqual(["shop/cart:80", "denied 403 not-allowed"]);
});

describe("access behind a gateway", () => {
  const allowing = (from: object) =>
    door([to("shop/cart", ["a.example.com"])], {
      access: [{ to: { service: "shop/cart" }, action: "allow", from: [from] }],
    });
  test.each<[object, string]>([
    [{ gateway: "door" }, "shop/cart:80"],
    [{ ipBlocks: ["10.0.0.7/32"] }, "shop/cart:80"],
    [{ ipBlocks: ["203.0.113.0/24"] }, "denied 403 not-allowed"],
    [{ service: "shop/web" }, "denied 403 not-allowed"],
    [{ namespace: "shop" }, "denied 403 not-allowed"],
  ])("from %j: %s", (from, expected) => {
    expect(short(ask(allowing(from), at(80, "a.example.com")))).toBe(expected);
  });
  test("strict mutual TLS is the gateway's business, not its clients'", () => {
    expect(short(ask(door([to("shop/cart", ["a.example.com"])]), at(80, "a.example.com")))).toBe(
      "shop/cart:80",
    );
  });
});

describe("connections", () => {
  const services = {
    "data/vault": {
      serviceAccount: "vault",
      ports: [{ port: 8443, protocol: "tls" as const }],
      versions: { v1: { labels: { v: "1" } }, v2: { labels: { v: "2" } } },
    },
    "data/db": { serviceAccount: "db", ports: [{ port: 5432, protocol: "tcp" as const }] },
  };
  const vault = (version: string) => ({ service: "data/vault", version });
  const tls: Route = {
    kind: "tls",
    for: { service: "data/vault" },
    rules: [
      { sni: ["*.example.com"], backends: [vault("v1")] },
      { sni: ["a.example.com"], backends: [vault("v2")] },
    ],
  };
  const asked = (sni?: string): Ask => ({
    to: "data/vault",
    port: 8443,
    call: { kind: "connection", ...(sni === undefined ? {} : { sni }) },
  });
  test.each<[string | undefined, string]>([
    ["a.example.com", "data/vaultv2:8443"],
    ["A.Example.com", "data/vaultv2:8443"],
    ["b.example.com", "data/vaultv1:8443"],
    ["example.com", "undecided"],
    [undefined, "undecided"],
  ])("TLS for %s", (sni, expected) => {
    expect(short(ask(world({ services, routes: [tls] }), asked(sni)))).toBe(expected);
  });
  test("without routes a connection goes straight on, and what it carries does not matter", () => {
    expect(short(ask(world({ services }), asked("x.test")))).toBe("data/vault:8443");
    expect(short(ask(world({ services }), { to: "data/db", port: 5432, line: "GET /" }))).toBe(
      "data/db:5432",
    );
    expect(short(ask(world({ services }), { to: "shop/cart", call: { kind: "connection" } }))).toBe(
      "refused protocol",
    );
  });
  test("TCP goes to the route's backends", () => {
    const tcp: Route = {
      kind: "tcp",
      for: { service: "data/db" },
      rules: [
        {
          backends: [
            { service: "data/db", weight: 1 },
            { ...vault("v1"), weight: 3 },
          ],
        },
      ],
    };
    const result = ask(world({ services, routes: [tcp] }), {
      to: "data/db",
      port: 5432,
      call: { kind: "connection" },
    });
    expect(short(result)).toBe("data/db:5432 0.25, data/vaultv1:8443 0.75");
    expect(because(result)).toEqual(["routes[0].rules[0]"]);
    expect(result).not.toHaveProperty("delivered");
  });
  test("gateways pass TLS on by its name, and TCP by its port", () => {
    const gateways: Intent["gateways"] = {
      door: {
        listeners: [
          { port: 8443, protocol: "tls", hosts: ["*.example.com"] },
          { port: 5432, protocol: "tcp" },
        ],
      },
    };
    const routes: Route[] = [
      { kind: "tls", for: { gateway: "door" }, rules: [{ sni: ["a.example.com"], backends: [vault("v1")] }] },
      { kind: "tcp", for: { gateway: "door" }, rules: [{ backends: [{ service: "data/db" }] }] },
    ];
    const intent = world({ services, gateways, routes });
    const through = (port: number, sni?: string) =>
      short(
        ask(intent, at(port, "", { call: { kind: "connection", ...(sni === undefined ? {} : { sni }) } })),
      );
    expect(through(8443, "a.example.com")).toBe("data/vaultv1:8443");
    expect(through(8443, "b.example.com")).toBe("refused no-route");
    expect(through(8443, "a.test")).toBe("refused no-listener");
    expect(through(8443)).toBe("refused no-listener");
    expect(through(5432)).toBe("data/db:5432");
  });
});

describe("calls out of the mesh", () => {
  const egress = (preset?: "allow" | "deny"): Intent =>
    world({
      egress: {
        ...(preset === undefined ? {} : { default: preset }),
        external: {
          github: { hosts: ["api.github.com"], ports: [{ port: 443, protocol: "tls" }] },
          cdn: { hosts: ["*.cdn.test"], ports: [{ port: 443, protocol: "tls" }] },
        },
      },
    });
  const out = (host: string, port = 443, rest: Ask = {}): Ask => ({
    to: { kind: "external", host, port },
    call: { kind: "connection", sni: host },
    ...rest,
  });
  test.each<[Intent, Ask, string]>([
    [egress("deny"), out("api.github.com"), "passed github"],
    [egress("deny"), out("x.cdn.test"), "passed cdn"],
    [egress("deny"), out("cdn.test"), "refused egress"],
    [egress("deny"), out("api.github.com", 80), "refused egress"],
    [egress(), out("api.github.com", 80), "refused egress"],
    [egress("allow"), out("elsewhere.test"), "passed"],
    [egress("deny"), out("elsewhere.test", 443, { from: { kind: "unmeshed" } }), "passed"],
    [world(), out("elsewhere.test"), "undecided"],
  ])("%#: %j", (intent, asked, expected) => {
    expect(short(ask(intent, asked))).toBe(expected);
  });
});
