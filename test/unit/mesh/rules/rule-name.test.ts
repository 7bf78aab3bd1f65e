import { complaints, routed } from "../intents";

const rule = (name: string, method: string) => ({
  name,
  match: [{ method }],
  backends: [{ service: "shop/cart" }],
});

test("rules of a route have names of their own", () => {
  expect(complaints(routed(rule("a", "GET"), rule("b", "PUT")))).toEqual([]);
  expect(complaints(routed(rule("a", "GET"), rule("a", "PUT")))).toEqual([
    "rule-name at routes[0].rules[1].name",
  ]);
});
