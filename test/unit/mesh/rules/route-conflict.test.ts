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
  expect(conflicts({ kind: "http", for: { service: "shop/cart" }, rules })).toEqual([]);
});
