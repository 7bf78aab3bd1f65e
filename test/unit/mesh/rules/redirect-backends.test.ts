import { complaints, routed } from "../intents";

const backends = [{ service: "shop/cart" }];
const redirect = { host: "new.example" };

test("a rule sends on or redirects, not both and not neither", () => {
  expect(complaints(routed({ redirect }))).toEqual([]);
  expect(complaints(routed({ redirect, backends }))).toEqual([
    "redirect-backends at routes[0].rules[0].backends",
  ]);
  expect(complaints(routed({}))).toEqual(["redirect-backends at routes[0].rules[0]"]);
});

test("what is for backends has no place beside a redirect", () => {
  const more = {
    timeout: "1s",
    retry: { retries: 1 },
    mirror: [{ service: "shop/web" }],
    rewrite: { path: "/x" },
  };
  expect(complaints(routed({ redirect, ...more }))).toEqual(
    ["rewrite", "timeout", "retry", "mirror"].map((key) => `redirect-backends at routes[0].rules[0].${key}`),
  );
});
