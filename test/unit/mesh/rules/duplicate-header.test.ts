import { complaints, shop } from "../intents";

test("a header matched twice in different cases is an error; parameters differ by case", () => {
  const twice = { "End-User": { exact: "a" }, "end-user": { exact: "b" } };
  const rule = (match: object) => [
    {
      kind: "http",
      for: { service: "shop/cart" },
      rules: [{ match: [match], backends: [{ service: "shop/cart" }] }],
    },
  ];
  expect(complaints({ ...shop(), routes: rule({ headers: twice }) })).toEqual([
    "duplicate-header at routes[0].rules[0].match[0].headers",
  ]);
  expect(complaints({ ...shop(), routes: rule({ query: twice }) })).toEqual([]);
});
