import { complaints, routed } from "../intents";

const rule = (path: object, change: object) =>
  routed({
    match: [{ path: { prefix: "/a" } }, { path }],
    backends: [{ service: "shop/cart" }],
    rewrite: change,
  });

test("there is a prefix to replace where every match is by prefix", () => {
  expect(complaints(rule({ prefix: "/b" }, { prefix: "/c" }))).toEqual([]);
  expect(complaints(rule({ exact: "/b" }, { path: "/c" }))).toEqual([]);
  expect(complaints(rule({ exact: "/b" }, { prefix: "/c" }))).toEqual([
    "prefix-change at routes[0].rules[0].rewrite.prefix",
  ]);
  expect(complaints(routed({ match: [{ path: { regex: "/b" } }], redirect: { prefix: "/c" } }))).toEqual([
    "prefix-change at routes[0].rules[0].redirect.prefix",
  ]);
});
