import { complaints, routed } from "../intents";

const rule = (fault: object) => routed({ backends: [{ service: "shop/cart" }], timeout: "2s", fault });

test("a fault that ends every request, or outlasts it, is pointed out", () => {
  expect(complaints(rule({ abort: { percent: 99.9, status: 503 } }))).toEqual([]);
  expect(complaints(rule({ abort: { percent: 100, status: 503 } }))).toEqual([
    "idle-fault at routes[0].rules[0].fault.abort",
  ]);
  expect(complaints(rule({ delay: { percent: 1, duration: "1s" } }))).toEqual([]);
  expect(complaints(rule({ delay: { percent: 1, duration: "2s" } }))).toEqual([
    "idle-fault at routes[0].rules[0].fault.delay",
  ]);
});
