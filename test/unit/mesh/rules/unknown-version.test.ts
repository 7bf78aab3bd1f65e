import { complaints, shop } from "../intents";

test("a backend's version must be one of its own service's versions", () => {
  const backends = [
    { service: "shop/cart", version: "v3" },
    { service: "shop/web", version: "v1" },
    { service: "shop/cart", version: "v1" },
  ];
  expect(
    complaints({
      ...shop(),
      routes: [{ kind: "http", for: { service: "shop/cart" }, rules: [{ backends }] }],
    }),
  ).toEqual([
    "unknown-version at routes[0].rules[0].backends[0].version",
    "unknown-version at routes[0].rules[0].backends[1].version",
  ]);
});
