import type { Intent } from "../../../mesh/intent";
import type { Client } from "../../../mesh/semantics";
import { ask, because, routed, short, world, type Ask } from "./ask";

type Access = NonNullable<Intent["access"]>[number];
const cart = { service: "shop/cart" };
const probe = { "ops/probe": { serviceAccount: "probe", ports: [{ port: 80 }] } };

const entry = (action: Access["action"], rest: Partial<Access> = {}): Access => ({
  to: cart,
  action,
  ...rest,
});
const judged = (access: readonly Access[], asked: Ask = {}, extra: Intent = {}): string =>
  short(ask(world({ ...extra, access: [...access], services: { ...probe, ...extra.services } }), asked));

const OK = "shop/cart:80";
const service = (name: string): Client => ({ kind: "service", service: name });

describe("the order of decisions", () => {
  const deny: Intent = { authorization: { default: "deny" } };
  test.each<[string, Access[], Intent, string]>([
    ["the default allows", [], {}, OK],
    ["the default denies", [], deny, "denied 403 default"],
    ["an allow that names it", [entry("allow")], deny, OK],
    [
      "an allow that does not, whatever the default",
      [entry("allow", { from: [{ service: "ops/probe" }] })],
      {},
      "denied 403 not-allowed",
    ],
    [
      "an allow on another path is an allow too",
      [entry("allow", { operations: [{ paths: ["/x"] }] })],
      {},
      "denied 403 not-allowed",
    ],
    [
      "one of two allows",
      [
        entry("allow", { from: [{ service: "ops/probe" }] }),
        entry("allow", { from: [{ service: "shop/web" }] }),
      ],
      deny,
      OK,
    ],
    ["a deny that names it, whatever allows it", [entry("allow"), entry("deny")], {}, "denied 403 deny"],
    ["a deny that does not", [entry("deny", { from: [{ service: "ops/probe" }] })], {}, OK],
    [
      "a deny alone does not allow the rest",
      [entry("deny", { from: [{ service: "ops/probe" }] })],
      deny,
      "denied 403 default",
    ],
    ["an audit changes nothing", [entry("audit")], deny, "denied 403 default"],
    ["an audit changes nothing either", [entry("audit")], {}, OK],
    ["access to another service", [{ to: { service: "shop/web" }, action: "deny" }], {}, OK],
  ])("%s", (_, access, extra, expected) => {
    expect(judged(access, {}, extra)).toBe(expected);
  });
});

describe("callers", () => {
  const td = { mtls: { trustDomain: "prod.example", mode: "permissive" as const } };
  const named = (from: NonNullable<Access["from"]>[number], client: Client): boolean =>
    judged([entry("allow", { from: [from] })], { from: client }, td) === OK;
  const principal = (id: string): Client => ({ kind: "principal", principal: id });
  test.each<[NonNullable<Access["from"]>[number], Client, boolean]>([
    [{ service: "shop/web" }, service("shop/web"), true],
    [{ service: "shop/web" }, service("ops/probe"), false],
    [{ service: "shop/web" }, principal("spiffe://prod.example/ns/shop/sa/web"), true],
    [{ service: "shop/web" }, principal("spiffe://other.example/ns/shop/sa/web"), false],
    [{ service: "shop/web" }, { kind: "unmeshed" }, false],
    [{ namespace: "ops" }, service("ops/probe"), true],
    [{ namespace: "ops" }, principal("spiffe://prod.example/ns/ops/sa/job"), true],
    [{ namespace: "ops" }, principal("spiffe://prod.example/ns/ops2/sa/job"), false],
    [{ namespace: "ops" }, principal("spiffe://other.example/ns/ops/sa/job"), false],
    [{ namespace: "ops" }, { kind: "unmeshed" }, false],
    [{ principal: "spiffe://other.example/x/y" }, principal("spiffe://other.example/x/y"), true],
    [{ principal: "spiffe://prod.example/ns/ops/sa/probe" }, service("ops/probe"), true],
    [{ principal: "spiffe://prod.example/ns/ops/sa/probe" }, service("shop/web"), false],
    [{ ipBlocks: ["10.0.0.0/8"] }, { kind: "unmeshed", address: "10.200.1.2" }, true],
    [{ ipBlocks: ["10.0.0.0/8"] }, { kind: "unmeshed", address: "11.0.0.1" }, false],
    [{ ipBlocks: ["10.0.0.0/8"] }, { kind: "unmeshed" }, false],
    [{ ipBlocks: ["192.0.2.0/24", "10.1.2.3/32"] }, { kind: "unmeshed", address: "10.1.2.3" }, true],
    [{ ipBlocks: ["10.1.2.3/32"] }, { kind: "unmeshed", address: "10.1.2.2" }, false],
    [{ ipBlocks: ["0.0.0.0/0"] }, { kind: "unmeshed", address: "fd00::1" }, false],
    [{ ipBlocks: ["fd00::/8"] }, { kind: "unmeshed", address: "fdab::1" }, true],
    [{ ipBlocks: ["2001:db8::/33"] }, { kind: "unmeshed", address: "2001:db8:8000::1" }, false],
  ])("from %j, called by %j: %s", (from, client, expected) => {
    expect(named(from, client)).toBe(expected);
  });
  test("services with one account are one caller", () => {
    const twin = { serviceAccount: "twin", sharesServiceAccount: true, ports: [{ port: 80 }] };
    const services = { "shop/a": twin, "shop/b": twin };
    expect(
      judged([entry("allow", { from: [{ service: "shop/a" }] })], { from: service("shop/b") }, { services }),
    ).toBe(OK);
  });
});

describe("operations", () => {
  test.each<[NonNullable<Access["operations"]>, string, boolean]>([
    [[{ methods: ["GET"] }], "GET /", true],
    [[{ methods: ["GET"] }], "HEAD /", false],
    [[{ methods: ["GET"] }, { paths: ["/a"] }], "POST /a", true],
    [[{ methods: ["GET"], paths: ["/a"] }], "POST /a", false],
    [[{ paths: ["/a"] }], "GET /a?x=1", true],
    [[{ paths: ["/a"] }], "GET /a/", false],
    [[{ paths: ["/a*"] }], "GET /ab", true],
    [[{ paths: ["/a/*"] }], "GET /a", false],
    [[{ paths: ["/a/*"] }], "GET /a/", true],
    [[{ paths: ["*/b"] }], "GET /a/b", true],
    [[{ paths: ["*/b"] }], "GET /b/c", false],
    [[{ paths: ["*"] }], "GET /any", true],
  ])("%j, %s: %s", (operations, line, expected) => {
    expect(judged([entry("allow", { operations })], { line }) === OK).toBe(expected);
  });
  test("ports are the Service's", () => {
    const services = {
      "shop/two": { serviceAccount: "two", ports: [{ port: 80, targetPort: 8080 }, { port: 81 }] },
    };
    const access = [{ to: { service: "shop/two", ports: [80] }, action: "deny" as const }];
    expect(judged(access, { to: "shop/two", port: 80 }, { services })).toBe("denied 403 deny");
    expect(judged(access, { to: "shop/two", port: 81 }, { services })).toBe("shop/two:81");
  });
  test("access looks at what the backend sees", () => {
    const rule = { match: [{ path: { prefix: "/out" } }], backends: [cart], rewrite: { prefix: "/in" } };
    const denying = (path: string) =>
      routed([rule], { access: [entry("deny", { operations: [{ paths: [path] }] })] });
    expect(short(ask(denying("/out/*"), { line: "GET /out/x" }))).toBe(OK);
    expect(short(ask(denying("/in/*"), { line: "GET /out/x" }))).toBe("denied 403 deny");
  });
});

describe("mutual TLS", () => {
  const plain: Ask = { from: { kind: "unmeshed" } };
  const mtls = (mode: "strict" | "permissive", overrides: object[] = []): Intent =>
    ({ mtls: { mode, overrides } }) as Intent;
  test.each<[string, Intent, string]>([
    ["strict is the default", {}, "refused mtls"],
    ["permissive", mtls("permissive"), OK],
    ["a namespace", mtls("strict", [{ namespace: "shop", mode: "permissive" }]), OK],
    [
      "a service before its namespace",
      mtls("strict", [
        { namespace: "shop", mode: "permissive" },
        { service: "shop/cart", mode: "strict" },
      ]),
      "refused mtls",
    ],
    [
      "a port before its service",
      mtls("permissive", [
        { service: "shop/cart", mode: "permissive" },
        { service: "shop/cart", port: 80, mode: "strict" },
      ]),
      "refused mtls",
    ],
    ["another service", mtls("strict", [{ service: "shop/web", mode: "permissive" }]), "refused mtls"],
  ])("%s", (_, extra, expected) => {
    expect(judged([], plain, extra)).toBe(expected);
    expect(judged([], {}, extra)).toBe(OK);
  });
  test("plaintext that is let in has no identity, and access still holds", () => {
    expect(judged([entry("allow", { from: [{ service: "shop/web" }] })], plain, mtls("permissive"))).toBe(
      "denied 403 not-allowed",
    );
  });
});

test("access of connections: no operations, no tokens, closed instead of 403", () => {
  const services = { "data/db": { serviceAccount: "db", ports: [{ port: 5432, protocol: "tcp" as const }] } };
  const call = { kind: "connection" as const };
  const db = { to: "data/db", port: 5432, call };
  const to = { service: "data/db" };
  expect(judged([{ to, action: "deny", from: [{ service: "shop/web" }] }], db, { services })).toBe(
    "denied closed deny",
  );
  expect(judged([{ to, action: "allow", from: [{ service: "shop/web" }] }], db, { services })).toBe(
    "data/db:5432",
  );
});

test("an allow for one port shuts the others, connections too", () => {
  const ports = [{ port: 80 }, { port: 5432, protocol: "tcp" as const }];
  const services = { "data/db": { serviceAccount: "db", ports } };
  const access: Access[] = [
    { to: { service: "data/db", ports: [80] }, action: "allow", operations: [{ methods: ["GET"] }] },
  ];
  const call = { kind: "connection" as const };
  expect(judged(access, { to: "data/db", port: 80 }, { services })).toBe("data/db:80");
  expect(judged(access, { to: "data/db", port: 5432, call }, { services })).toBe("denied closed not-allowed");
});

test("where some backends refuse, each has its own verdict; where all do, that is the outcome", () => {
  const backends = [
    { service: "shop/cart", weight: 1 },
    { service: "shop/web", weight: 3 },
  ];
  const denying = (...services: string[]) =>
    routed([{ backends, timeout: "1s" }], {
      access: services.map((name) => ({ to: { service: name }, action: "deny" as const })),
    });
  expect(short(ask(denying("shop/web")))).toBe("shop/cart:80 0.25, shop/web:80 0.75!");
  const all = ask(denying("shop/web", "shop/cart"));
  expect(short(all)).toBe("denied 403 deny");
  expect(because(all).sort()).toEqual(["access[0]", "access[1]", "routes[0].rules[0]"]);
  expect(all.kind === "denied" && all.treatment?.timeoutMs).toBe(1000);
});

test("what is audited is told, whatever becomes of it", () => {
  const audited = (access: Access[]) => {
    const result = ask(world({ access }));
    const verdict = result.kind === "forwarded" ? result.backends[0]?.verdict : result;
    return verdict !== undefined && "audited" in verdict ? verdict.audited : undefined;
  };
  expect(audited([entry("audit")])).toEqual([["access", 0]]);
  expect(audited([entry("audit"), entry("deny")])).toEqual([["access", 0]]);
  expect(audited([entry("audit", { operations: [{ methods: ["PUT"] }] })])).toEqual([]);
});
