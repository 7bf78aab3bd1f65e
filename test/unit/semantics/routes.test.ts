import { ask, because, routed, short, world, type Rule } from "./ask";

const cart = (version: string, weight?: number) => ({
  service: "shop/cart",
  version,
  ...(weight === undefined ? {} : { weight }),
});
const v1 = { backends: [cart("v1")] };

test("a service without routes is called directly, whichever version answers", () => {
  const result = ask(world());
  expect(short(result)).toBe("shop/cart:80");
  expect(because(result)).toEqual([]);
});

test("a service with routes answers 404 to what no rule matches, and names its routes", () => {
  const result = ask(routed([{ ...v1, match: [{ path: { exact: "/a" } }] }]), { line: "GET /b" });
  expect(short(result)).toBe("404");
  expect(because(result)).toEqual(["routes[0]"]);
});

test("a port that no route is for is called directly", () => {
  const ports = [{ port: 80 }, { port: 81 }];
  const intent = world({
    services: { "shop/two": { serviceAccount: "two", ports } },
    routes: [
      {
        kind: "http",
        for: { service: "shop/two", port: 80 },
        rules: [{ match: [{ path: { exact: "/a" } }], backends: [{ service: "shop/cart" }] }],
      },
    ],
  });
  expect(short(ask(intent, { to: "shop/two", port: 80 }))).toBe("404");
  expect(short(ask(intent, { to: "shop/two", port: 81 }))).toBe("shop/two:81");
  expect(short(ask(intent, { to: "shop/two", port: 82 }))).toBe("refused no-port");
});

test("backends get their share of the weights; the same twice is one, weight 0 is none", () => {
  const backends = [cart("v1", 3), cart("v2", 1), cart("v2", 0), { service: "shop/web", weight: 4 }];
  expect(short(ask(routed([{ backends }])))).toBe(
    "shop/cartv1:80 0.375, shop/cartv2:80 0.125, shop/web:80 0.5",
  );
  expect(short(ask(routed([{ backends: [cart("v1", 2), cart("v2", 0)] }])))).toBe("shop/cartv1:80");
  expect(short(ask(routed([{ backends: [cart("v1", 1), cart("v1", 1), cart("v2", 2)] }])))).toBe(
    "shop/cartv1:80 0.5, shop/cartv2:80 0.5",
  );
});

test("what is routed is not routed again at its backend", () => {
  const intent = routed([{ backends: [{ service: "shop/web" }] }], {
    routes: [{ kind: "http", for: { service: "shop/web" }, rules: [{ backends: [cart("v2")] }] }],
  });
  expect(short(ask(intent))).toBe("shop/web:80");
});

test.each<[string, object]>([
  ["an unmeshed caller", { kind: "unmeshed" }],
  ["the holder of a certificate", { kind: "principal", principal: "spiffe://cluster.local/ns/shop/sa/web" }],
  ["a gateway's proxy", { kind: "gateway", gateway: "public" }],
])("routes do not hold for %s", (_, from) => {
  const intent = {
    ...routed([{ ...v1, match: [{ path: { exact: "/a" } }] }]),
    mtls: { mode: "permissive" as const },
  };
  expect(short(ask(intent, { from: from as never }))).toBe("shop/cart:80");
});

describe("rewrites", () => {
  const path = (match: object, rewrite: object, line: string) => {
    const result = ask(routed([{ ...v1, match: [match], rewrite }]), { line, host: "cart.shop:80" });
    return result.kind === "forwarded" ? `${result.delivered?.host} ${result.delivered?.path}` : result.kind;
  };
  test.each([
    ["/foo", "/xyz", "/foo/bar", "/xyz/bar"],
    ["/foo", "/xyz", "/foo", "/xyz"],
    ["/foo", "/xyz", "/foo/", "/xyz/"],
    ["/foo", "/xyz/", "/foo/bar", "/xyz/bar"],
    ["/foo/", "/xyz", "/foo/bar", "/xyz/bar"],
    ["/foo", "/", "/foo/bar", "/bar"],
    ["/foo", "/", "/foo/", "/"],
    ["/foo", "/", "/foo", "/"],
    ["/", "/xyz", "/bar", "/xyz/bar"],
    ["/", "/xyz", "/", "/xyz/"],
    ["/", "/", "/bar", "/bar"],
    ["/foo", "/xyz", "/foo?a=/foo", "/xyz?a=/foo"],
  ])("prefix %s to %s: %s becomes %s", (prefix, replacement, line, expected) => {
    expect(path({ path: { prefix } }, { prefix: replacement }, `GET ${line}`)).toBe(`cart.shop ${expected}`);
  });
  test("the whole path, the query stays", () => {
    expect(path({ path: { prefix: "/foo" } }, { path: "/x/y" }, "GET /foo/bar?q=1")).toBe(
      "cart.shop /x/y?q=1",
    );
  });
  test("the host", () => {
    expect(path({}, { host: "inner.example.com" }, "GET /a")).toBe("inner.example.com /a");
  });
});

describe("redirects", () => {
  const to = (redirect: object, line: string, extra: object = {}) => {
    const rule = { match: [{ path: { prefix: "/old" } }], redirect } as Rule;
    return short(ask(routed([rule, v1], extra), { line, host: "cart.shop" }));
  };
  test.each<[object, string]>([
    [{ host: "www.example.com" }, "302 http://www.example.com/old/a?q=1"],
    [{ host: "www.example.com", status: 308 }, "308 http://www.example.com/old/a?q=1"],
    [{ scheme: "https" }, "302 https://cart.shop/old/a?q=1"],
    [{ scheme: "https", port: 8443 }, "302 https://cart.shop:8443/old/a?q=1"],
    [{ scheme: "https", port: 443 }, "302 https://cart.shop/old/a?q=1"],
    [{ scheme: "http", port: 443 }, "302 http://cart.shop:443/old/a?q=1"],
    [{ port: 80 }, "302 http://cart.shop/old/a?q=1"],
    [{ path: "/new" }, "302 http://cart.shop/new?q=1"],
    [{ prefix: "/new" }, "302 http://cart.shop/new/a?q=1"],
    [{ prefix: "/" }, "302 http://cart.shop/a?q=1"],
  ])("%j", (redirect, expected) => {
    expect(to(redirect, "GET /old/a?q=1")).toBe(expected);
  });
  test("without a scheme the port at which the request came in stays", () => {
    const intent = world({
      services: { "shop/odd": { serviceAccount: "odd", ports: [{ port: 9080 }] } },
      routes: [
        {
          kind: "http",
          for: { service: "shop/odd" },
          rules: [
            { redirect: { host: "a.example.com" } },
            { match: [{ method: "PUT" }], redirect: { scheme: "http" } },
          ],
        },
      ],
    });
    const odd = { to: "shop/odd", port: 9080, host: "odd.shop:9080" };
    expect(short(ask(intent, odd))).toBe("302 http://a.example.com:9080/");
    expect(short(ask(intent, { ...odd, line: "PUT /" }))).toBe("302 http://odd.shop/");
  });
  test("access is not asked", () => {
    const access = [{ to: { service: "shop/cart" }, action: "deny" as const }];
    expect(to({ path: "/new" }, "GET /old", { access })).toBe("302 http://cart.shop/new");
  });
});

test("request headers are removed, set and added; their names mean the same in any case", () => {
  const headers = { request: { set: { "X-A": "new" }, add: { b: "2", c: "3" }, remove: ["D"] } };
  const result = ask(routed([{ ...v1, headers }]), {
    headers: { "x-a": "old", B: "1", d: "4", e: "5" },
  });
  expect(result.kind === "forwarded" && result.delivered?.headers).toEqual([
    { name: "b", value: "1,2" },
    { name: "c", value: "3" },
    { name: "e", value: "5" },
    { name: "x-a", value: "new" },
  ]);
});

test("a rule's timeout, retries, faults, mirrors and response headers are told", () => {
  const rule = {
    ...v1,
    timeout: "3s",
    retry: { retries: 2, perTryTimeout: "250ms", on: ["5xx", 429], backoff: "25ms", budget: { percent: 20 } },
    fault: { delay: { percent: 12.5, duration: "2s" }, abort: { percent: 50, status: 503 } },
    mirror: [{ ...cart("v2"), percent: 5 }, { service: "shop/web" }],
    headers: { response: { set: { "x-b": "1" } } },
  };
  const result = ask(routed([rule]));
  expect(result).toMatchObject({
    kind: "forwarded",
    treatment: {
      timeoutMs: 3000,
      retry: {
        retries: 2,
        perTryTimeoutMs: 250,
        on: ["429", "5xx"].map((on) => (on === "429" ? 429 : on)),
        backoffMs: 25,
        budgetPercent: 20,
      },
      faults: {
        delay: { share: 0.125, ms: 2000 },
        abort: { share: 0.5, status: { protocol: "http", code: 503 } },
      },
      mirrors: [
        { service: "shop/cart", version: "v2", port: 80, share: 0.05, verdict: { admitted: true } },
        { service: "shop/web", port: 80, share: 1, verdict: { admitted: true } },
      ],
      responseHeaders: { set: [{ name: "x-b", value: "1" }], add: [], remove: [] },
    },
  });
});

test("a rule without any of that has none: no timeout, no second try", () => {
  const result = ask(routed([v1]));
  expect(result.kind === "forwarded" && result.treatment).toEqual({ faults: {}, mirrors: [] });
});

test("an abort of every request is the answer; one of some leaves the others their way", () => {
  const abort = (percent: number) => routed([{ ...v1, fault: { abort: { percent, status: 418 } } }]);
  expect(short(ask(abort(100)))).toBe("aborted http 418");
  expect(short(ask(abort(99.9999)))).toBe("shop/cartv1:80");
});
