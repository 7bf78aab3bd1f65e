import fc from "fast-check";
import { found } from "../../../lib";
import { parseIntent } from "../../../mesh/intent";
import { contentText } from "../../../mesh/intent/order";
import { complaints, shop, valid } from "./intents";
import { shuffled } from "./shuffle";

const cart = { serviceAccount: "cart", ports: [{ port: 80 }] };

test("an empty intent is a strict mesh that denies", () => {
  for (const nothing of [{}, null, undefined]) {
    const { mtls, authorization, services } = valid(nothing);
    expect({ mtls, authorization, services }).toEqual({
      mtls: {
        mode: "strict",
        trustDomain: "cluster.local",
        overrides: [],
        ca: { kind: "mesh", at: ["mtls", "ca"] },
      },
      authorization: { default: "deny" },
      services: [],
    });
  }
});

test("a full intent of this version is accepted, and says nothing", () => {
  expect(complaints(shop())).toEqual([]);
});

test("every unknown key is reported, with what it may have meant", () => {
  const result = found(
    parseIntent({ rotues: [], mtsl: {}, services: { "shop/cart": { ...cart, prots: [], x: 1 } } }),
  );
  expect(result.map((d) => [d.code, d.hint?.slice(0, 21)])).toEqual([
    ["unknown-key", 'did you mean "routes"'],
    ["unknown-key", 'did you mean "mtls"?'],
    ["unknown-key", 'did you mean "ports"?'],
    ["unknown-key", "known: serviceAccount"],
  ]);
});

test("wrong types, formats and ranges are all reported at once, each at its path", () => {
  expect(
    complaints({
      mtls: { mode: "strct", overrides: {} },
      services: { Shop: cart, "shop/a": 3, "shop/b": { ports: [{ port: 0 }] } },
      gateways: { g: { listeners: [{ port: 80, protocol: "http", hosts: ["bücher.de"] }] } },
      access: [
        {
          to: { service: "shop/a" },
          action: "allow",
          from: [],
          operations: [{ methods: ["get"], paths: ["x"] }],
        },
      ],
      routes: "all",
    }).sort(),
  ).toEqual([
    "bad-host at gateways.g.listeners[0].hosts[0]",
    "bad-method at access[0].operations[0].methods[0]",
    "bad-name at services.Shop",
    "bad-path at access[0].operations[0].paths[0]",
    'bad-port at services["shop/b"].ports[0].port',
    "empty-list at access[0].from",
    'missing-key at services["shop/b"].serviceAccount',
    "unknown-value at mtls.mode",
    "wrong-type at mtls.overrides",
    "wrong-type at routes",
    'wrong-type at services["shop/a"]',
  ]);
});

test("paths begin where the intent stands in its document", () => {
  expect(complaints({ mtls: { mode: 1 } }, ["config", "meshwright:intent"])).toEqual([
    'wrong-type at config["meshwright:intent"].mtls.mode',
  ]);
});

test.each(["__proto__", "constructor", "prototype"])("the key %s is refused at any depth", (key) => {
  const poison = JSON.parse(`{"services": {"shop/cart": {"selector": {"${key}": "x"}}}}`) as unknown;
  expect(complaints(poison)).toEqual([`forbidden-key at services["shop/cart"].selector.${key}`]);
  expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
});

test("values that hold themselves and absurd nesting are refused, not followed", () => {
  const cycle: { services?: unknown }[] = [];
  cycle.push({ services: cycle }, { services: cycle });
  expect(complaints(cycle)).toEqual(["cycle at [0].services", "cycle at [1].services"]);
  let deep: unknown = "end";
  for (let i = 0; i < 5000; i++) deep = [deep];
  expect(complaints(deep)[0]).toMatch(/^too-deep/);
});

test("expressions that RE2 does not have are refused without being run", () => {
  const intent = (regex: string) => ({
    services: { "shop/cart": cart },
    routes: [
      {
        kind: "http",
        for: { service: "shop/cart" },
        rules: [{ match: [{ path: { regex } }], backends: [{ service: "shop/cart" }] }],
      },
    ],
  });
  const fine = ["/v[0-9]+/.*", "(?i)/x", "/(?P<id>\\d{1,9})", "(a+)+$", "[(?=]", "/a\\\\1"];
  const refused = ["(?=a)", "(?<!a)b", "(a)\\1", "a++", "(", "[", "", "a{1001}", "x".repeat(1025)];
  expect(fine.filter((regex) => complaints(intent(regex)).length > 0)).toEqual([]);
  expect(refused.filter((regex) => complaints(intent(regex)).length === 0)).toEqual([]);
});

test("a thousand faults are a thousand diagnostics", () => {
  const services = Object.fromEntries(
    Array.from({ length: 1000 }, (_, i) => [
      `shop/s${i}`,
      { serviceAccount: `s${i}`, ports: [{ port: -1 }] },
    ]),
  );
  expect(complaints({ services })).toHaveLength(1000);
});

test("defaults and references are filled in", () => {
  const [route] = valid({
    services: { "shop/cart": cart },
    routes: [
      {
        kind: "http",
        for: { service: "shop/cart" },
        rules: [
          {
            match: [{ path: { prefix: "/a/" }, headers: { "End-User": { exact: "x" } } }],
            backends: [{ service: "shop/cart" }],
            timeout: "1m30s",
            retry: { retries: 2 },
          },
        ],
      },
    ],
  }).routes;
  const [rule] = route?.rules ?? [];
  expect(route?.for).toEqual({ kind: "service", service: "shop/cart", port: 80 });
  expect(rule).toMatchObject({
    timeoutMs: 90_000,
    retry: { retries: 2, on: ["connect-failure", "gateway-error", "refused-stream"] },
    backends: [{ service: "shop/cart", port: 80, weight: 1 }],
    matches: [{ path: { kind: "prefix", value: "/a" }, headers: [{ name: "end-user" }] }],
  });
});

test("the order of keys, and of lists whose order means nothing, changes nothing", () => {
  const intent = shop();
  const expected = contentText(valid(intent));
  fc.assert(
    fc.property(
      fc.infiniteStream(fc.nat()),
      (numbers) => contentText(valid(shuffled(intent, numbers))) === expected,
    ),
  );
});

test("the order of rules within a route is kept", () => {
  const rules = ["a", "b"].map((name) => ({ name, backends: [{ service: "shop/cart" }] }));
  const intent = (list: typeof rules) => ({
    services: { "shop/cart": cart },
    routes: [{ kind: "http", for: { service: "shop/cart" }, rules: list }],
  });
  expect(contentText(valid(intent(rules)))).not.toBe(contentText(valid(intent([...rules].reverse()))));
});
