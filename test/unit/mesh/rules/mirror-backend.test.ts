import { complaints, routed } from "../intents";

const v1 = { service: "shop/cart", version: "v1" };
const v2 = { service: "shop/cart", version: "v2" };

test("copies go where the requests do not", () => {
  expect(complaints(routed({ backends: [v1], mirror: [v2] }))).toEqual([]);
  expect(complaints(routed({ backends: [v1, { ...v2, weight: 0 }], mirror: [v2] }))).toEqual([]);
  expect(complaints(routed({ backends: [v1], mirror: [v1] }))).toEqual([
    "mirror-backend at routes[0].rules[0].mirror[0]",
  ]);
});

test("no two copies go to one place", () => {
  expect(complaints(routed({ backends: [v1], mirror: [v2, { ...v2, percent: 5 }] }))).toHaveLength(1);
});
