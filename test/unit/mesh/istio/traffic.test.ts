import { found } from "../../../../lib";
import { shop } from "../intents";
import { compiled, objectsOf, planned, specOf } from "./plans";

interface HttpEntry {
  readonly name?: string;
  readonly match: readonly Record<string, unknown>[];
  readonly route: readonly Record<string, unknown>[];
}

const cartHost = "cart.shop.svc.cluster.local";
const backends = [{ service: "shop/cart" }];

function entries(rules: readonly object[]): readonly HttpEntry[] {
  const intent = { ...shop(), routes: [{ kind: "http", for: { service: "shop/cart" }, rules }] };
  return (specOf(planned({ intent }), "VirtualService", "shop/cart") as { http: HttpEntry[] }).http;
}

test("versions are subsets, and clients of strict services never fall back to plaintext", () => {
  const plan = planned({ intent: shop() });
  expect(specOf(plan, "DestinationRule", "shop/cart")).toEqual({
    host: cartHost,
    trafficPolicy: { tls: { mode: "ISTIO_MUTUAL" } },
    subsets: [
      { name: "v1", labels: { version: "v1" } },
      { name: "v2", labels: { version: "v2" } },
    ],
  });
});

test.each([
  ["the mesh", { mode: "permissive" }],
  ["its namespace", { overrides: [{ namespace: "shop", mode: "permissive" }] }],
  ["the service", { overrides: [{ service: "shop/cart", mode: "permissive" }] }],
  ["one of its ports", { overrides: [{ service: "shop/cart", port: 80, mode: "permissive" }] }],
])("clients may send plaintext where %s is permissive", (_, mtls) => {
  expect(specOf(planned({ intent: { ...shop(), mtls } }), "DestinationRule", "shop/cart")).not.toHaveProperty(
    "trafficPolicy",
  );
});

test("the override nearest to a port decides", () => {
  const mtls = {
    mode: "permissive",
    overrides: [
      { namespace: "shop", mode: "permissive" },
      { service: "shop/cart", mode: "strict" },
    ],
  };
  expect(specOf(planned({ intent: { ...shop(), mtls } }), "DestinationRule", "shop/cart")).toHaveProperty(
    "trafficPolicy",
  );
});

test("weights, subsets and ports of backends are those of the intent, and none are retried unasked", () => {
  expect(specOf(planned({ intent: shop() }), "VirtualService", "shop/cart")).toEqual({
    hosts: [cartHost],
    gateways: ["mesh"],
    http: [
      {
        match: [{ uri: { prefix: "/" } }],
        route: [
          { destination: { host: cartHost, port: { number: 80 }, subset: "v1" }, weight: 9 },
          { destination: { host: cartHost, port: { number: 80 }, subset: "v2" }, weight: 1 },
        ],
        retries: { attempts: 0 },
      },
    ],
  });
});

test("a prefix is one of path elements, not of characters", () => {
  expect(entries([{ match: [{ path: { prefix: "/foo" }, method: "GET" }], backends }])[0]?.match).toEqual([
    { uri: { exact: "/foo" }, method: { exact: "GET" } },
    { uri: { prefix: "/foo/" }, method: { exact: "GET" } },
  ]);
});

test("everything that a rule can match on or ask for is carried", () => {
  const [entry] = entries([
    {
      name: "all",
      match: [
        {
          path: { regex: "/v[12]/.*" },
          headers: { "X-A": { exact: "1" }, b: { regex: "x+" } },
          query: { Q: { exact: "y" } },
        },
      ],
      backends,
      timeout: "1500ms",
      retry: { retries: 3, perTryTimeout: "2s", on: ["reset", 503, "5xx"] },
    },
  ]);
  expect(entry).toEqual({
    name: "all",
    match: [
      {
        uri: { regex: "/v[12]/.*" },
        headers: { b: { regex: "x+" }, "x-a": { exact: "1" } },
        queryParams: { Q: { exact: "y" } },
      },
    ],
    route: [{ destination: { host: cartHost, port: { number: 80 } } }],
    timeout: "1500ms",
    retries: { attempts: 3, perTryTimeout: "2s", retryOn: "503,5xx,reset" },
  });
});

test("the more specific match is tried first, across the rules and routes of a service", () => {
  const names = entries([
    { name: "rest", backends },
    { name: "both", match: [{ path: { prefix: "/a" } }, { path: { exact: "/b" } }], backends },
    { name: "exact", match: [{ path: { exact: "/a" } }], backends },
  ]).map((e) => e.name);
  expect(names).toEqual(["both", "exact", "both", "rest"]);
});

test("a route of one port among several matches that port only", () => {
  const intent = {
    services: { "shop/x": { serviceAccount: "x", ports: [{ port: 80 }, { port: 81 }] } },
    routes: [
      {
        kind: "http",
        for: { service: "shop/x", port: 81 },
        rules: [{ backends: [{ service: "shop/x", port: 80 }] }],
      },
    ],
  };
  expect(specOf(planned({ intent }), "VirtualService", "shop/x")).toMatchObject({
    http: [{ match: [{ uri: { prefix: "/" }, port: 81 }] }],
  });
});

test("a gateway's hosts each have their own routes, and names that are distinct and stable", () => {
  const hosts = ["a-b.example.com", "a.b.example.com", "*.example.com"];
  const intent = {
    ...shop(),
    routes: [
      { kind: "http", for: { gateway: "public", hosts }, rules: [{ backends: [{ service: "shop/web" }] }] },
    ],
  };
  const services = objectsOf(planned({ intent }), "VirtualService");
  expect(services.map((o) => [o.metadata.namespace, (o["spec"] as { hosts: string[] }).hosts])).toEqual(
    [...hosts].sort().map((host) => ["istio-ingress", [host]]),
  );
  expect(new Set(services.map((o) => o.metadata.name)).size).toBe(3);
  expect(services.map((o) => o.metadata.name)).toContain("public-a-b-example-com");
});

test("listeners become servers, https with its certificate", () => {
  const gateways = {
    public: {
      listeners: [
        { port: 443, protocol: "https", hosts: ["*.example.com"], tls: { secret: "cert" } },
        { port: 80, protocol: "http" },
      ],
    },
  };
  expect(specOf(planned({ intent: { gateways } }), "Gateway", "istio-ingress/public")).toEqual({
    selector: { istio: "public-gateway" },
    servers: [
      { name: "http-80-0", port: { name: "http-80-0", number: 80, protocol: "HTTP" }, hosts: ["*"] },
      {
        name: "https-443-1",
        port: { name: "https-443-1", number: 443, protocol: "HTTPS" },
        hosts: ["*.example.com"],
        tls: { mode: "SIMPLE", credentialName: "cert" },
      },
    ],
  });
});

test("a header that Istio would ignore is refused, not dropped", () => {
  const routes = [
    {
      kind: "http",
      for: { service: "shop/cart" },
      rules: [{ match: [{ headers: { Method: { exact: "x" } } }], backends }],
    },
  ];
  expect(found(compiled({ intent: { ...shop(), routes } }))).toMatchObject([
    { code: "unsupported-header", severity: "error" },
  ]);
});
