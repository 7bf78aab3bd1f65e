import { complaints, shop } from "../intents";

const routes = (...weights: number[]) => [
  {
    kind: "http",
    for: { service: "shop/cart" },
    rules: [
      {
        backends: weights.map((weight, i) => ({
          service: "shop/cart",
          version: i === 0 ? "v1" : "v2",
          weight,
        })),
      },
    ],
  },
];

test("weights that add up to nothing are an error, one backend's too", () => {
  expect(complaints({ ...shop(), routes: routes(0, 0) })).toEqual(["weights at routes[0].rules[0].backends"]);
  expect(complaints({ ...shop(), routes: routes(0) })).toEqual(["weights at routes[0].rules[0].backends"]);
});

test("a single weight above nothing is enough, and no sum is asked for", () => {
  expect(complaints({ ...shop(), routes: routes(0, 1) })).toEqual([]);
  expect(complaints({ ...shop(), routes: routes(7, 1000) })).toEqual([]);
});
