import type { Intent } from "../../../mesh/intent";
import { outcome } from "../../../mesh/semantics";
import { valid } from "../mesh/intents";
import { ask, because, request, routed, short, world } from "./ask";

const cart = (version: string) => ({ service: "shop/cart", version });

/** The cart with one rule that matches and leads to v1; what does not match gets 404. */
const one = (match: object) => routed([{ match: [match], backends: [cart("v1")] }]);

describe.each<[string, object, readonly [string, boolean][]]>([
  [
    "a prefix is one of path elements",
    { path: { prefix: "/foo" } },
    [
      ["GET /foo", true],
      ["GET /foo/", true],
      ["GET /foo/bar", true],
      ["GET /foo?x=/y", true],
      ["GET /foobar", false],
      ["GET /fo", false],
      ["GET /Foo", false],
      ["GET /", false],
    ],
  ],
  ["a slash at the end of a prefix means nothing", { path: { prefix: "/foo/" } }, [["GET /foo", true]]],
  [
    "the prefix / matches everything",
    { path: { prefix: "/" } },
    [
      ["GET /", true],
      ["PUT /any/thing", true],
    ],
  ],
  [
    "an exact path is the whole path without its query",
    { path: { exact: "/foo" } },
    [
      ["GET /foo", true],
      ["GET /foo?a=b", true],
      ["GET /foo/", false],
      ["GET /foo/bar", false],
    ],
  ],
  [
    "a regular expression matches the whole path without its query",
    { path: { regex: "/v[0-9]+" } },
    [
      ["GET /v12", true],
      ["GET /v1?x=1", true],
      ["GET /v1/x", false],
      ["GET /a/v1", false],
    ],
  ],
  [
    "alternatives of a regular expression match whole paths too",
    { path: { regex: "/a|/b" } },
    [
      ["GET /b", true],
      ["GET /a/b", false],
    ],
  ],
  [
    "methods are told apart, HEAD from GET too",
    { method: "GET" },
    [
      ["GET /", true],
      ["HEAD /", false],
      ["POST /", false],
    ],
  ],
  [
    "the first value of a query parameter counts, as it is written",
    { query: { a: { exact: "1" } } },
    [
      ["GET /?a=1", true],
      ["GET /?b=2&a=1", true],
      ["GET /?a=1&a=2", true],
      ["GET /?a=2&a=1", false],
      ["GET /?A=1", false],
      ["GET /?a=11", false],
      ["GET /?a", false],
      ["GET /?ba=1", false],
      ["GET /", false],
    ],
  ],
  [
    "a regular expression matches the whole parameter",
    { query: { a: { regex: "[a-z]+" } } },
    [
      ["GET /?a=bc", true],
      ["GET /?a=b1", false],
      ["GET /?a=", false],
    ],
  ],
])("%s", (_, match, cases) => {
  test.each(cases)("%s", (line, matched) => {
    expect(short(ask(one(match), { line }))).toBe(matched ? "shop/cartv1:80" : "404");
  });
});

describe.each<[string, object, readonly [Record<string, string>, boolean][]]>([
  [
    "header names mean the same in any case, values do not",
    { headers: { "End-User": { exact: "jason" } } },
    [
      [{ "end-user": "jason" }, true],
      [{ "END-USER": "jason" }, true],
      [{ "end-user": "Jason" }, false],
      [{ "end-user": "jason2" }, false],
      [{ "end-users": "jason" }, false],
      [{}, false],
    ],
  ],
  [
    "a regular expression matches the whole header",
    { headers: { a: { regex: "ja.*" } } },
    [
      [{ a: "jason" }, true],
      [{ a: "a jason" }, false],
    ],
  ],
  [
    "every header of a match must match",
    { headers: { a: { exact: "1" }, b: { exact: "2" } } },
    [
      [{ a: "1", b: "2" }, true],
      [{ a: "1" }, false],
    ],
  ],
  [
    "a cookie is found wherever it stands",
    { cookies: { user: { exact: "jason" } } },
    [
      [{ cookie: "user=jason" }, true],
      [{ Cookie: "a=b; user=jason; c=d" }, true],
      [{ cookie: "a=b;user=jason" }, true],
      [{ cookie: "xuser=jason" }, false],
      [{ cookie: "user=jasons" }, false],
      [{ user: "jason" }, false],
    ],
  ],
])("%s", (_, match, cases) => {
  test.each(cases)("%j", (headers, matched) => {
    expect(short(ask(one(match), { headers }))).toBe(matched ? "shop/cartv1:80" : "404");
  });
});

test("values of one header are compared joined by commas", () => {
  const call = {
    kind: "http" as const,
    method: "GET",
    path: "/",
    headers: [
      { name: "a", value: "1" },
      { name: "A", value: "2" },
    ],
  };
  expect(short(ask(one({ headers: { a: { exact: "1,2" } } }), { call }))).toBe("shop/cartv1:80");
  expect(short(ask(one({ headers: { a: { exact: "1" } } }), { call }))).toBe("404");
});

test.each<[string, object, object, string]>([
  [
    "an exact path before a regular expression",
    { path: { exact: "/a/b" } },
    { path: { regex: "/a/.*longer.*|/a/b" } },
    "GET /a/b",
  ],
  [
    "a regular expression before a prefix",
    { path: { regex: "/a.*" } },
    { path: { prefix: "/a/b" } },
    "GET /a/b",
  ],
  [
    "a longer prefix before a shorter one",
    { path: { prefix: "/a/b" } },
    { path: { prefix: "/a" }, method: "GET" },
    "GET /a/b",
  ],
  [
    "a method before headers",
    { method: "GET" },
    { headers: { a: { exact: "1" }, b: { exact: "2" } } },
    "GET /",
  ],
  [
    "more headers before fewer",
    { headers: { a: { exact: "1" }, b: { exact: "2" } } },
    { headers: { a: { exact: "1" } }, query: { q: { exact: "1" } } },
    "GET /?q=1",
  ],
  [
    "more parameters before fewer",
    { query: { q: { exact: "1" } } },
    { cookies: { c: { exact: "1" } } },
    "GET /?q=1",
  ],
  ["more cookies before fewer", { cookies: { c: { exact: "1" } } }, {}, "GET /"],
])("the most specific match wins: %s", (_, winner, loser, line) => {
  const rule = (match: object, version: string) => ({ match: [match], backends: [cart(version)] });
  const headers = { a: "1", b: "2", cookie: "c=1" };
  for (const rules of [
    [rule(winner, "v1"), rule(loser, "v2")],
    [rule(loser, "v2"), rule(winner, "v1")],
  ]) {
    expect(short(ask(routed(rules), { line, headers }))).toBe("shop/cartv1:80");
  }
});

test("between equally specific matches of a route the earlier rule wins", () => {
  const rule = (name: string, version: string) => ({
    match: [{ headers: { [name]: { exact: "1" } } }],
    backends: [cart(version)],
  });
  const headers = { a: "1", b: "1" };
  expect(short(ask(routed([rule("a", "v1"), rule("b", "v2")]), { headers }))).toBe("shop/cartv1:80");
  expect(short(ask(routed([rule("b", "v2"), rule("a", "v1")]), { headers }))).toBe("shop/cartv2:80");
});

test("between equally specific matches of two routes the order of writing does not matter", () => {
  const route = (name: string, version: string) => ({
    kind: "http" as const,
    for: { service: "shop/cart" },
    rules: [{ match: [{ headers: { [name]: { exact: "1" } } }], backends: [cart(version)] }],
  });
  const routes = [route("a", "v1"), route("b", "v2")];
  const headers = { a: "1", b: "1" };
  const written = [world({ routes }), world({ routes: [...routes].reverse() })];
  expect(written.map((intent) => short(ask(intent, { headers })))).toEqual([
    "shop/cartv1:80",
    "shop/cartv1:80",
  ]);
  const normalized = valid(written[0]);
  const reversed = { ...normalized, routes: [...normalized.routes].reverse() };
  expect(short(outcome(reversed, request({ headers })))).toBe("shop/cartv1:80");
});

test("one of several matches is enough, and the one that held is named", () => {
  const intent = routed([
    { match: [{ path: { exact: "/a" } }, { path: { exact: "/b" } }], backends: [cart("v1")] },
  ]);
  expect(because(ask(intent, { line: "GET /b" }))).toEqual([
    "routes[0].rules[0]",
    "routes[0].rules[0].match[1]",
  ]);
});

test("gRPC calls are told by service and method, the service first", () => {
  const version = (name: string) => ({ labels: { version: name } });
  const rule = (match: object, name: string) => ({ match: [match], backends: [cart(name)] });
  const intent: Intent = {
    authorization: { default: "allow" },
    services: {
      "shop/web": { serviceAccount: "web", ports: [{ port: 80 }] },
      "shop/cart": {
        serviceAccount: "cart",
        ports: [{ port: 80, protocol: "grpc" }],
        versions: { v1: version("v1"), v2: version("v2"), v3: version("v3"), v4: version("v4") },
      },
    },
    routes: [
      {
        kind: "grpc",
        for: { service: "shop/cart" },
        rules: [
          rule({}, "v4"),
          rule({ method: "Get" }, "v3"),
          rule({ service: "shop.Cart" }, "v2"),
          rule({ service: "shop.Cart", method: "Get" }, "v1"),
        ],
      },
    ],
  };
  const to = (service: string, method: string) =>
    short(ask(intent, { call: { kind: "grpc", service, method, headers: [] } }));
  expect([to("shop.Cart", "Get"), to("shop.Cart", "Put"), to("shop.Carts", "Get"), to("x", "y")]).toEqual([
    "shop/cartv1:80",
    "shop/cartv2:80",
    "shop/cartv3:80",
    "shop/cartv4:80",
  ]);
});
