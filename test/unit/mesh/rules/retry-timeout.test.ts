import { complaints, routed } from "../intents";

const rule = (timeout: string, retries: number, perTryTimeout?: string) =>
  routed({ backends: [{ service: "shop/cart" }], timeout, retry: { retries, perTryTimeout } });

test("all tries fit into the timeout of the request", () => {
  expect(complaints(rule("6s", 2, "2s"))).toEqual([]);
  expect(complaints(rule("5900ms", 2, "2s"))).toEqual(["retry-timeout at routes[0].rules[0].retry"]);
  expect(complaints(rule("1s", 2))).toEqual([]);
});
