import type { JsonObject } from "../../../../lib";
import { Lookup } from "../../../../mesh/intent/lookup";
import { parseIntent } from "../../../../mesh/intent";
import {
  gatewayApiFaults,
  gatewayDuration,
  referenceGrants,
  routeObjects,
  STANDARD_VERSIONS,
  versionServices,
  type Dialect,
  type RouteSite,
} from "../../../../mesh/gateway-api";
import type { KubeObject } from "../../../../mesh/plan/types";
import { value } from "../intents";

const istio: Dialect = { versions: STANDARD_VERSIONS, retry: true, regex: "last" };
const backends = [{ service: "shop/cart", port: 80 }];

function site(intent: object, dialect: Dialect = istio): RouteSite {
  const normalized = value(
    parseIntent({
      services: {
        "shop/cart": {
          serviceAccount: "cart",
          ports: [{ port: 80 }, { port: 81, protocol: "grpc" }],
          versions: { v1: { labels: { version: "v1" } } },
        },
        "stock/stock": { serviceAccount: "stock", ports: [{ port: 80 }] },
      },
      ...intent,
    }),
  );
  return {
    intent: normalized,
    lookup: new Lookup(normalized),
    dialect,
    gatewayNamespace: "doors",
    gatewayName: (name) => name,
  };
}

const http = (...rules: readonly object[]): object => ({
  routes: [
    { kind: "http", for: { service: "shop/cart", port: 80 }, rules: rules.map((r) => ({ backends, ...r })) },
  ],
});

interface Rule {
  readonly name?: string;
  readonly matches?: readonly { readonly path?: { readonly value: string } }[];
  readonly [field: string]: unknown;
}
const rulesOf = (object: KubeObject | undefined): readonly Rule[] =>
  (object?.["spec"] as { rules: Rule[] }).rules;
const codes = (intent: object): string[] => gatewayApiFaults(site(intent)).map((d) => d.code);

test("what is tried first stands first, and neighbours of one rule stay one", () => {
  const [route] = routeObjects(
    site(
      http(
        { name: "rest" },
        { name: "both", match: [{ path: { prefix: "/a" } }, { path: { prefix: "/b" } }] },
        { name: "exact", match: [{ path: { exact: "/a" } }] },
      ),
    ),
  );
  expect(rulesOf(route).map((r) => [r.name, r.matches?.map((m) => m.path?.value)])).toEqual([
    ["exact", ["/a"]],
    ["both", ["/a", "/b"]],
    ["rest", ["/"]],
  ]);
});

test("a rule that is interrupted by another becomes two, with names of their own", () => {
  const [route] = routeObjects(
    site(
      http(
        { name: "a", match: [{ path: { exact: "/a" } }, { path: { prefix: "/" } }] },
        { name: "b", match: [{ path: { prefix: "/b" } }] },
      ),
    ),
  );
  expect(rulesOf(route).map((r) => r.name)).toEqual(["a", "b", "a.2"]);
});

test("more rules than a route holds go on in another, whose name comes behind", () => {
  const rules = Array.from({ length: 20 }, (_, i) => ({
    match: [{ path: { exact: `/${i}` } }],
    timeout: `${i + 1}s`,
  }));
  const routes = routeObjects(site(http(...rules)));
  expect(routes.map((r) => [r.metadata.name, rulesOf(r).length])).toEqual([
    ["cart.80.part-001", 16],
    ["cart.80.part-002", 4],
  ]);
});

test("a new prefix is one rule for each match, since the API allows no more", () => {
  const [route] = routeObjects(
    site(
      http({
        name: "r",
        match: [{ path: { prefix: "/a" } }, { path: { prefix: "/b" } }],
        rewrite: { prefix: "/c/" },
      }),
    ),
  );
  expect(rulesOf(route)).toMatchObject([
    {
      name: "r",
      filters: [{ urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/c" } } }],
    },
    { name: "r.2", matches: [{ path: { value: "/b" } }] },
  ]);
});

test("gRPC routes stay so until they share a port with HTTP or have a timeout", () => {
  const grpc = (more: object): object => ({
    kind: "grpc",
    for: { service: "shop/cart", port: 81 },
    rules: [
      {
        match: [{ service: "shop.v1.Cart", method: "Get" }],
        backends: [{ service: "shop/cart", port: 81 }],
        ...more,
      },
    ],
  });
  const kinds = (...routes: readonly object[]): unknown[] =>
    routeObjects(site({ routes })).map((r) => [r.kind, rulesOf(r)[0]?.matches]);
  expect(kinds(grpc({}))).toEqual([
    ["GRPCRoute", [{ method: { type: "Exact", service: "shop.v1.Cart", method: "Get" } }]],
  ]);
  expect(kinds(grpc({ timeout: "1s" }))).toEqual([
    ["HTTPRoute", [{ path: { type: "Exact", value: "/shop.v1.Cart/Get" } }]],
  ]);
});

test("services of other namespaces are granted, each by its name and kind of route", () => {
  const intent = site(
    http({ backends: [{ service: "stock/stock" }, { service: "shop/cart", port: 80, version: "v1" }] }),
  );
  expect(referenceGrants(intent).map((g) => [g.metadata.namespace, g.metadata.name, g["spec"]])).toEqual([
    [
      "stock",
      "httproutes-of-shop",
      {
        from: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: "shop" }],
        to: [{ group: "", kind: "Service", name: "stock" }],
      },
    ],
  ]);
  expect(versionServices(intent.intent).map((s) => s.metadata.name)).toEqual(["cart-v1"]);
});

test("rules with annotations of their own stand in routes of their own", () => {
  const dialect: Dialect = {
    ...istio,
    retry: false,
    annotations: ({ retry }) => (retry === undefined ? {} : { retries: String(retry.retries) }),
  };
  const routes = routeObjects(
    site(
      http(
        { match: [{ path: { exact: "/a" } }], retry: { retries: 2 } },
        { match: [{ path: { exact: "/b" } }] },
      ),
      dialect,
    ),
  );
  expect(routes.map((r) => r.metadata.annotations)).toEqual([{ retries: "2" }, undefined]);
  expect(JSON.stringify(routes)).not.toContain('"retry"');
});

test.each([
  [
    "a regular expression that a prefix would be tried before",
    [{ path: { regex: "/a.*" } }, { path: { prefix: "/ab" } }],
    ["unsupported-route-order"],
  ],
  ["an expression that no prefix meets", [{ path: { regex: "/a.*" } }, { path: { prefix: "/b" } }], []],
  ["an expression before what is left", [{ path: { regex: "/a.*" } }, { path: { prefix: "/" } }], []],
  [
    "an optional last letter",
    [{ path: { regex: "/ab?" } }, { path: { prefix: "/a" } }],
    ["unsupported-route-order"],
  ],
  [
    "an alternative",
    [{ path: { regex: "/x|/a.*" } }, { path: { prefix: "/ab" } }],
    ["unsupported-route-order"],
  ],
  [
    "methods that exclude each other",
    [
      { path: { regex: "/.*" }, method: "GET" },
      { path: { prefix: "/a" }, method: "PUT" },
    ],
    [],
  ],
  [
    "cookies that count as one header",
    [{ headers: { a: { exact: "1" } } }, { cookies: { a: { exact: "1" }, b: { exact: "1" } } }],
    [],
  ],
])("%s is told", (_, matches, expected) => {
  expect(codes(http(...matches.map((m) => ({ match: [m] }))))).toEqual(expected);
});

test.each([
  ["a path with two slashes", { match: [{ path: { exact: "/a//b" } }] }],
  ["a header value of blanks", { headers: { request: { set: { a: "a  b" } } } }],
])("%s, which the API refuses, is refused before", (_, rule) => {
  expect(codes(http(rule))).toEqual(["unsupported-value"]);
});

test("a version whose Service would take another's name is refused", () => {
  const intent = http({ backends: [{ service: "shop/cart", port: 80, version: "v1" }] });
  const services = {
    "shop/cart": {
      serviceAccount: "cart",
      ports: [{ port: 80 }],
      versions: { v1: { labels: { version: "v1" } } },
    },
    "shop/cart-v1": { serviceAccount: "other", ports: [{ port: 80 }] },
  };
  expect(codes({ ...intent, services })).toEqual(["version-name-taken"]);
});

test("each name of a service's TLS rule has a route of its own, which istiod needs to see it", () => {
  const vault = { serviceAccount: "vault", ports: [{ port: 8443, protocol: "tls" }] };
  const rules = [{ sni: ["b.example.com", "a.example.com"], backends: [{ service: "shop/vault" }] }];
  const services = { "shop/vault": vault };
  const inside = routeObjects(
    site({ services, routes: [{ kind: "tls", for: { service: "shop/vault" }, rules }] }),
  );
  expect(inside.map((o) => (o["spec"] as JsonObject)["hostnames"])).toEqual([
    ["a.example.com"],
    ["b.example.com"],
  ]);
  const gateways = { door: { exposure: "cluster", listeners: [{ port: 8443, protocol: "tls" }] } };
  const target = { gateway: "door", hosts: ["*.example.com"] };
  const outside = routeObjects(site({ services, gateways, routes: [{ kind: "tls", for: target, rules }] }));
  expect(outside.map((o) => (o["spec"] as JsonObject)["hostnames"])).toEqual([
    ["a.example.com", "b.example.com"],
  ]);
});

test.each([
  [0, "0s"],
  [25, "25ms"],
  [90_000, "1m30s"],
  [100_001, "1m40s1ms"],
  [3_600_000, "1h"],
])("%i ms are %s", (ms, text) => {
  expect(gatewayDuration(ms)).toBe(text);
});
