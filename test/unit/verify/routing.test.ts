import { parseIntent } from "../../../mesh";
import { isHttpRoute } from "../../../mesh/intent";
import type { Request } from "../../../verify/envoy/match";
import { formatShares, wantedShares } from "../../../verify/expect/fate";
import { probesOf, ruleFor } from "../../../verify/expect/routing";

const base: Request = { method: "GET", path: "/", headers: {}, query: {}, host: "cart.shop", port: 80 };

function routesWith(rules: readonly object[]) {
  const versions = { v1: { labels: { version: "v1" } }, v2: { labels: { version: "v2" } } };
  const parsed = parseIntent({
    services: { "shop/cart": { serviceAccount: "cart", ports: [{ port: 80, protocol: "http" }], versions } },
    routes: [{ kind: "http", for: { service: "shop/cart" }, rules }],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return parsed.value.routes.filter(isHttpRoute);
}
const to = (version: string, weight?: number) => ({
  service: "shop/cart",
  version,
  ...(weight !== undefined && { weight }),
});

const routes = routesWith([
  { name: "all", backends: [to("v1", 3), to("v2", 1)] },
  { name: "below", match: [{ path: { prefix: "/a" } }], backends: [to("v1")] },
  { name: "exact", match: [{ path: { exact: "/a" } }], backends: [to("v1")] },
  { name: "deep", match: [{ path: { prefix: "/a/b" } }], backends: [to("v1")] },
  { name: "post", match: [{ path: { prefix: "/a/b" }, method: "POST" }], backends: [to("v1")] },
  { name: "regex", match: [{ path: { regex: "/[0-9]+" } }], backends: [to("v1")] },
  { name: "header", match: [{ headers: { who: { exact: "me" } } }], backends: [to("v2")] },
]);

test.each<[Partial<Request>, string]>([
  [{ path: "/a" }, "exact"],
  [{ path: "/a/c" }, "below"],
  [{ path: "/a/b" }, "deep"],
  [{ path: "/a/b", method: "POST" }, "post"],
  [{ path: "/ab" }, "all"],
  [{ path: "/42" }, "regex"],
  [{ path: "/x", headers: { who: "me" } }, "header"],
  [{ path: "/a/c", headers: { who: "me" } }, "below"],
])("%j is taken by the rule %s", (change, name) => {
  expect(ruleFor(routes, { ...base, ...change })?.name).toBe(name);
});

test("the probes of a route reach every one of its rules", () => {
  const reached = new Set(probesOf(routes, base).map((probe) => ruleFor(routes, probe)?.name));
  expect([...reached].sort()).toEqual(["all", "below", "deep", "exact", "header", "post", "regex"]);
});

test("weights are shares of their total, and what no rule takes is a 404", () => {
  expect(formatShares(wantedShares(routes, base))).toBe("75% shop/cart:80 v1, 25% shop/cart:80 v2");
  const narrow = routesWith([{ match: [{ path: { exact: "/a" } }], backends: [to("v1")] }]);
  expect([...wantedShares(narrow, base).keys()]).toEqual(["status 404"]);
});
