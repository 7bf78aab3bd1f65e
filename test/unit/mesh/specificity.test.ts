import { isHttpRoute } from "../../../mesh/intent";
import { bySpecificity, specificity } from "../../../mesh/intent/specificity";
import { valid } from "./intents";

function order(matches: readonly object[]): unknown[] {
  const [route] = valid({
    services: { "shop/cart": { serviceAccount: "cart", ports: [{ port: 80 }] } },
    routes: [
      {
        kind: "http",
        for: { service: "shop/cart" },
        rules: matches.map((match, i) => ({
          name: `r${i}`,
          match: [match],
          backends: [{ service: "shop/cart" }],
        })),
      },
    ],
  }).routes.filter(isHttpRoute);
  return (route?.rules ?? [])
    .flatMap((rule) => rule.matches.map((match) => ({ name: rule.name, rank: specificity(match) })))
    .sort((a, b) => bySpecificity(a.rank, b.rank))
    .map((r) => r.name);
}

test("exact paths come before expressions, and those before prefixes", () => {
  expect(
    order([
      { path: { prefix: "/much/longer/prefix" } },
      { path: { regex: "/.*" } },
      { path: { exact: "/" } },
    ]),
  ).toEqual(["r2", "r1", "r0"]);
});

test("longer prefixes come first, whatever else shorter ones match on", () => {
  expect(
    order([
      { path: { prefix: "/a" }, method: "GET", headers: { x: { exact: "1" } } },
      { path: { prefix: "/a/b" } },
    ]),
  ).toEqual(["r1", "r0"]);
});

test("then a method, then more headers, then more parameters, then the order of writing", () => {
  const header = { x: { exact: "1" } };
  expect(
    order([
      {},
      { query: header },
      { headers: header },
      { method: "GET" },
      { headers: { ...header, y: { exact: "1" } } },
      { headers: { z: { exact: "1" } } },
    ]),
  ).toEqual(["r3", "r4", "r2", "r5", "r1", "r0"]);
});
