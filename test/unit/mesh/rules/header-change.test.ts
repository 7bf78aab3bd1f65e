import { complaints, routed } from "../intents";

const rule = (headers: object) => routed({ backends: [{ service: "shop/cart" }], headers });

test("a header is changed in one way, in whatever case it is written", () => {
  expect(complaints(rule({ request: { set: { "x-a": "1" }, remove: ["x-b"] } }))).toEqual([]);
  expect(complaints(rule({ request: { set: { "X-A": "1" }, remove: ["x-a"] } }))).toEqual([
    "header-change at routes[0].rules[0].headers.request",
  ]);
  expect(complaints(rule({ response: { add: { "x-a": "1", "X-A": "2" } } }))).toEqual([
    "header-change at routes[0].rules[0].headers.response",
  ]);
});

test("headers of the connection are not a route's to change", () => {
  expect(complaints(rule({ request: { set: { Host: "x" } }, response: { remove: ["connection"] } }))).toEqual(
    [
      "header-change at routes[0].rules[0].headers.request",
      "header-change at routes[0].rules[0].headers.response",
    ],
  );
});
