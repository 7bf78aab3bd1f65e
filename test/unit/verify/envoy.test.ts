import { matchHeader, matchRoute, matchString, type Request } from "../../../verify/envoy/match";
import { permits } from "../../../verify/envoy/rbac";
import { fateOf } from "../../../verify/envoy/routing";
import type { Permission, Principal, Rbac } from "../../../verify/xds/types";

const request: Request = {
  ...{ method: "GET", path: "/shop/cart", headers: { "end-user": "jason" }, query: { q: "1" } },
  ...{ host: "cart.shop", port: 8080, principal: "spiffe://td/ns/shop/sa/web" },
};

describe("matchers", () => {
  test.each([
    [{ exact: "jason" }, true],
    [{ exact: "Jason" }, false],
    [{ exact: "Jason", ignoreCase: true }, true],
    [{ prefix: "ja" }, true],
    [{ suffix: "son" }, true],
    [{ contains: "aso" }, true],
    [{ safeRegex: { regex: "ja.*" } }, true],
    [{ safeRegex: { regex: "as" } }, false],
    [{ safeRegex: { regex: "(?i)JA.*" } }, true],
    [{}, undefined],
  ])("%j against jason is %s", (matcher, verdict) => {
    expect(matchString(matcher, "jason")).toBe(verdict);
  });

  test("a header that is missing is not matched by value, even inverted, and can be asked to be absent", () => {
    expect(matchHeader({ name: "x", stringMatch: { exact: "1" }, invertMatch: true }, request)).toBe(false);
    expect(matchHeader({ name: "x", presentMatch: true, invertMatch: true }, request)).toBe(true);
    expect(matchHeader({ name: "x", presentMatch: false }, request)).toBe(true);
  });

  test("a path prefix by elements ends at an element", () => {
    expect(matchRoute({ pathSeparatedPrefix: "/shop" }, request)).toBe(true);
    expect(matchRoute({ pathSeparatedPrefix: "/sho" }, request)).toBe(false);
    expect(matchRoute({ prefix: "/sho" }, request)).toBe(true);
  });

  test("all conditions must hold, and one that is unknown leaves it open unless another fails", () => {
    const unknown = { name: "q", stringMatch: {} };
    expect(matchRoute({ prefix: "/", queryParameters: [unknown] }, request)).toBeUndefined();
    expect(matchRoute({ path: "/", queryParameters: [unknown] }, request)).toBe(false);
  });
});

describe("access rules", () => {
  const web: Principal = { authenticated: { principalName: { exact: "spiffe://td/ns/shop/sa/web" } } };
  const get: Permission = { header: { name: ":method", stringMatch: { exact: "GET" } } };
  const rules = (
    action: "ALLOW" | "DENY" | "LOG" | undefined,
    permission: Permission,
    principal: Principal,
  ): Rbac => ({
    ...(action && { action }),
    policies: { one: { permissions: [permission], principals: [principal] } },
  });

  test("without any, everything passes", () => expect(permits([], request)).toBe(true));
  test("an ALLOW without policies lets nothing through", () => expect(permits([{}], request)).toBe(false));
  test("an ALLOW lets through what it names", () => {
    expect(permits([rules(undefined, get, web)], request)).toBe(true);
    expect(permits([rules(undefined, get, web)], { ...request, method: "POST" })).toBe(false);
  });
  test("a DENY wins over an ALLOW", () => {
    expect(permits([rules("DENY", { any: true }, web), rules("ALLOW", get, web)], request)).toBe(false);
  });
  test("a LOG decides nothing", () =>
    expect(permits([rules("LOG", { any: true }, { any: true })], request)).toBe(true));
  test("who has no certificate is nobody, not even by a rule for any authenticated caller", () => {
    const { principal, ...anonymous } = request;
    expect(principal).toBeDefined();
    expect(permits([rules(undefined, get, { authenticated: {} })], anonymous)).toBe(false);
    expect(permits([rules(undefined, get, { authenticated: {} })], request)).toBe(true);
  });
  test("and, or, not and ports are read as Envoy reads them", () => {
    const both: Permission = {
      andRules: { rules: [get, { orRules: { rules: [{ destinationPort: 1 }, { destinationPort: 8080 }] } }] },
    };
    expect(permits([rules(undefined, both, { notId: { any: true } })], request)).toBe(false);
    expect(permits([rules(undefined, both, { orIds: { ids: [web] } })], request)).toBe(true);
    expect(permits([rules(undefined, { notRule: both }, web)], request)).toBe(false);
  });
  test("a condition of an unknown kind is not guessed at", () => {
    expect(permits([rules(undefined, { metadata: {} }, web)], request)).toBeUndefined();
    expect(permits([rules("DENY", get, { remoteIp: {} })], request)).toBeUndefined();
  });
});

describe("routes", () => {
  const to = (cluster: string) => ({ cluster });
  test("the first that matches decides", () => {
    const host = {
      routes: [
        { match: { prefix: "/shop" }, route: to("a") },
        { match: { prefix: "/" }, route: to("b") },
      ],
    };
    expect(fateOf(host, request)).toMatchObject({ kind: "clusters", shares: new Map([["a", 1]]) });
    expect(fateOf(host, { ...request, path: "/" })).toMatchObject({ shares: new Map([["b", 1]]) });
  });
  test("weights become shares of their total, and those of nothing vanish", () => {
    const clusters = [
      ["a", 3],
      ["b", 1],
      ["c", 0],
    ].map(([name, value]) => ({ name: String(name), weight: { value: Number(value) } }));
    const host = { routes: [{ match: { prefix: "/" }, route: { weightedClusters: { clusters } } }] };
    expect(fateOf(host, request)).toMatchObject({
      shares: new Map([
        ["a", 0.75],
        ["b", 0.25],
      ]),
    });
  });
  test("what no route takes gets 404", () => {
    expect(fateOf({ routes: [{ match: { path: "/" }, route: to("a") }] }, request)).toEqual({
      kind: "answer",
      status: 404,
    });
  });
});
