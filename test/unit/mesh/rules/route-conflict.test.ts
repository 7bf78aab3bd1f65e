import { complaints, shop } from "../intents";

const route = (target: object, match?: object) => ({
  kind: "http",
  for: target,
  rules: [{ ...(match === undefined ? {} : { match: [match] }), backends: [{ service: "shop/cart" }] }],
});
const conflicts = (...routes: object[]) =>
  complaints({ ...shop(), routes, authorization: { default: "allow" }, access: [] });

test("equal matches of two routes for one service are an error, written differently or not", () => {
  const cart = { service: "shop/cart" };
  expect(conflicts(route(cart), route(cart, { path: { prefix: "/" } }))).toHaveLength(1);
  expect(
    conflicts(
      route(cart, { headers: { A: { exact: "1" } } }),
      route(cart, { headers: { a: { exact: "1" } } }),
    ),
  ).toEqual(["route-conflict at routes[1].rules[0].match[0]"]);
});

test("different matches, services and hosts do not conflict; a shared host of a gateway does", () => {
  expect(conflicts(route({ service: "shop/cart" }), route({ service: "shop/web" }))).toEqual([]);
  expect(
    conflicts(route({ service: "shop/cart" }), route({ service: "shop/cart" }, { method: "GET" })),
  ).toEqual([]);
  const at = (...hosts: string[]) => ({ gateway: "public", hosts: hosts.map((h) => `${h}.example.com`) });
  expect(conflicts(route(at("a")), route(at("b")))).toEqual([]);
  expect(conflicts(route(at("a", "b")), route(at("b", "c")))).toHaveLength(1);
});

test("within one route the earlier rule wins, which is no conflict", () => {
  const rules = [{ backends: [{ service: "shop/cart" }] }, { backends: [{ service: "shop/cart" }] }];
  expect(conflicts({ kind: "http", for: { service: "shop/cart" }, rules })).toEqual([
    "unreachable-rule at routes[0].rules[1]",
  ]);
});

test("connections of a port are for one route, those of a name for one rule", () => {
  const services = {
    "shop/db": { serviceAccount: "db", ports: [{ port: 1, protocol: "tls" }] },
    "shop/x": { serviceAccount: "x", ports: [{ port: 1, protocol: "tls" }] },
  };
  const route = (kind: string, to: string, sni?: string) => ({
    kind,
    for: { service: "shop/db" },
    rules: [{ ...(sni !== undefined && { sni: [sni] }), backends: [{ service: to }] }],
  });
  const intent = (...routes: object[]) => ({ services, routes, authorization: { default: "allow" } });
  expect(complaints(intent(route("tcp", "shop/db"), route("tcp", "shop/x")))).toEqual([
    "route-conflict at routes[1]",
  ]);
  expect(complaints(intent(route("tls", "shop/db", "a.x"), route("tls", "shop/x", "b.x")))).toEqual([]);
  expect(complaints(intent(route("tls", "shop/db", "a.x"), route("tls", "shop/x", "a.x")))).toHaveLength(1);
});
