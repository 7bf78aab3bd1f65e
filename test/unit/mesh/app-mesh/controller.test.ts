import { checkAgainstCrds } from "../../../support/crds";
import { everything } from "./intents";
import { attempted, objectsOf, planned, specOf } from "./plans";
import { inShort } from "../intents";
import { found } from "../../../../lib";

const shop = (own: object = {}, routes: object[] = []) => ({
  services: {
    "shop/web": { serviceAccount: "web", ports: [{ port: 80, targetPort: 8080 }] },
    "shop/cart": {
      serviceAccount: "cart",
      ports: [{ port: 80, targetPort: 8080 }],
      versions: { v1: { labels: { version: "v1" } }, v2: { labels: { version: "v2" } } },
    },
  },
  routes,
  ...own,
});

test("everything that App Mesh can do passes its CRDs", () => {
  expect(checkAgainstCrds(objectsOf(planned({ intent: everything })))).toEqual([]);
  expect(
    checkAgainstCrds(objectsOf(planned({ intent: everything, options: { tls: { kind: "sds" } } }))),
  ).toEqual([]);
});

test("the plan says that App Mesh has ended", () => {
  expect(planned({ intent: shop() }).warnings.map((w) => w.code)).toEqual(["mesh-discontinued", "successor"]);
});

test("a service without routes is reached without retries and without App Mesh's own timeout", () => {
  const router = specOf(planned({ intent: shop() }), "VirtualRouter", "shop/web");
  expect(router?.["routes"]).toEqual([
    {
      name: "port-80",
      priority: 0,
      httpRoute: {
        match: { port: 80, prefix: "/" },
        action: {
          weightedTargets: [{ virtualNodeRef: { name: "web", namespace: "shop" }, port: 8080, weight: 1 }],
        },
        timeout: { perRequest: { unit: "s", value: 0 } },
        retryPolicy: {
          maxRetries: 0,
          perRetryTimeout: { unit: "s", value: 0 },
          tcpRetryEvents: ["connection-error"],
        },
      },
    },
  ]);
  expect(specOf(planned({ intent: shop() }), "VirtualService", "shop/web")).toEqual({
    awsName: "web.shop.svc.cluster.local",
    provider: { virtualRouter: { virtualRouterRef: { name: "web", namespace: "shop" } } },
  });
});

test("the most specific match comes first, and a prefix is one of path elements", () => {
  const rule = (match: object) => ({ match: [match], backends: [{ service: "shop/cart" }] });
  const route = {
    kind: "http",
    for: { service: "shop/cart" },
    rules: [
      rule({ path: { prefix: "/" } }),
      rule({ path: { prefix: "/foo" } }),
      rule({ path: { exact: "/foo/bar" } }),
    ],
  };
  const spec = specOf(planned({ intent: shop({}, [route]) }), "VirtualRouter", "shop/cart");
  const routes = spec?.["routes"] as { httpRoute: { match: object }; priority: number }[];
  expect(routes.map((r) => [r.priority, r.httpRoute.match])).toEqual([
    [0, { port: 80, path: { exact: "/foo/bar" } }],
    [1, { port: 80, path: { exact: "/foo" } }],
    [2, { port: 80, prefix: "/foo/" }],
    [3, { port: 80, prefix: "/" }],
  ]);
});

test("pods of a versioned service belong to the nodes of versions only", () => {
  const plan = planned({ intent: shop() });
  expect(specOf(plan, "VirtualNode", "shop/cart")?.["podSelector"]).toBeUndefined();
  expect(specOf(plan, "VirtualNode", "shop/cart-v1")?.["podSelector"]).toEqual({
    matchLabels: { app: "cart", version: "v1" },
  });
  expect(specOf(plan, "Service", "shop/cart-v1-endpoints")).toMatchObject({
    clusterIP: "None",
    selector: { app: "cart", version: "v1" },
  });
});

test("a strict service refuses plaintext and callers without a certificate, a permissive one does not", () => {
  const intent = shop({ mtls: { overrides: [{ service: "shop/cart", mode: "permissive" }] } });
  const plan = planned({ intent, options: { tls: { kind: "sds" } } });
  const listenersOf = (place: string) =>
    (specOf(plan, "VirtualNode", place)?.["listeners"] as { tls: object }[]).map((l) => l.tls);
  expect(listenersOf("shop/web")).toEqual([
    {
      mode: "STRICT",
      certificate: { sds: { secretName: "spiffe://cluster.local/ns/shop/sa/web" } },
      validation: { trust: { sds: { secretName: "spiffe://cluster.local" } } },
    },
  ]);
  expect(listenersOf("shop/cart-v1")).toMatchObject([{ mode: "PERMISSIVE" }]);
  const backends = specOf(plan, "VirtualNode", "shop/web")?.["backends"] as {
    virtualService: { virtualServiceRef: { name: string }; clientPolicy: { tls: object } };
  }[];
  expect(
    backends.map((b) => [b.virtualService.virtualServiceRef.name, b.virtualService.clientPolicy.tls]),
  ).toEqual([
    ["cart", expect.objectContaining({ enforce: false })],
    [
      "web",
      {
        enforce: true,
        certificate: { sds: { secretName: "spiffe://cluster.local/ns/shop/sa/web" } },
        validation: {
          trust: { sds: { secretName: "spiffe://cluster.local" } },
          subjectAlternativeNames: { match: { exact: ["spiffe://cluster.local/ns/shop/sa/web"] } },
        },
      },
    ],
  ]);
});

test("calls name what a node may call", () => {
  const plan = planned({
    intent: shop(),
    options: { calls: { "shop/web": ["shop/cart"], "shop/cart": [] } },
  });
  const called = (place: string) =>
    (
      (specOf(plan, "VirtualNode", place)?.["backends"] ?? []) as {
        virtualService: { virtualServiceRef: { name: string } };
      }[]
    ).map((b) => b.virtualService.virtualServiceRef.name);
  expect([called("shop/web"), called("shop/cart-v1")]).toEqual([["cart"], []]);
});

test("a gateway's rule has a virtual service to itself, which keeps host and path unless told otherwise", () => {
  const plan = planned({ intent: everything });
  const routes = objectsOf(plan).filter((o) => o.kind === "GatewayRoute");
  const specs = routes.map(
    (o) => o["spec"] as { priority: number; httpRoute: { match: object; action: object } },
  );
  expect(
    specs.filter((s) => (s.httpRoute.match as { port: number }).port === 8080).map((s) => s.httpRoute),
  ).toEqual([
    {
      match: { port: 8080, hostname: { exact: "shop.example.com" }, path: { exact: "/cart" } },
      action: {
        target: expect.anything() as unknown,
        rewrite: { hostname: { defaultTargetHostname: "DISABLED" }, path: { exact: "/" } },
      },
    },
    {
      match: { port: 8080, hostname: { exact: "shop.example.com" }, prefix: "/cart/" },
      action: {
        target: expect.anything() as unknown,
        rewrite: { hostname: { defaultTargetHostname: "DISABLED" }, prefix: { value: "/" } },
      },
    },
    {
      match: { port: 8080, hostname: { exact: "shop.example.com" }, path: { regex: "/old(?:/.*)?" } },
      action: {
        target: expect.anything() as unknown,
        rewrite: { hostname: { defaultTargetHostname: "DISABLED" }, path: { exact: "/new" } },
      },
    },
    {
      match: { port: 8080, hostname: { exact: "shop.example.com" }, prefix: "/" },
      action: {
        target: expect.anything() as unknown,
        rewrite: {
          hostname: { defaultTargetHostname: "DISABLED" },
          prefix: { defaultPrefix: "DISABLED" },
        },
      },
    },
  ]);
  expect(specs.map((s) => s.priority).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

const backends = [{ service: "shop/cart" }];
const routed = (rule: object, own: object = {}) =>
  shop(own, [{ kind: "http", for: { service: "shop/cart" }, rules: [{ backends, ...rule }] }]);
const gatewayed = (gateway: object, routes: object[] = []) => shop({ gateways: { public: gateway } }, routes);

test.each<[string, object, string]>([
  [
    "a retry on reset",
    routed({ retry: { retries: 1, on: ["reset"] } }),
    "unsupported-retry at routes[0].rules[0].retry.on",
  ],
  [
    "the Cookie header besides its cookies",
    routed({ match: [{ headers: { cookie: { exact: "a=1" } }, cookies: { b: { exact: "2" } } }] }),
    "unsupported-cookie-match at routes[0].rules[0].match[0]",
  ],
  [
    "the Host header",
    routed({ match: [{ headers: { host: { exact: "a" } } }] }),
    "unsupported-header at routes[0].rules[0].match[0].headers.host",
  ],
  [
    "a rewrite between services",
    routed({ rewrite: { prefix: "/x" } }),
    "unsupported-rewrite at routes[0].rules[0].rewrite",
  ],
  [
    "weights of more than hundredths",
    routed({
      backends: [
        { service: "shop/cart", version: "v1", weight: 999 },
        { service: "shop/cart", version: "v2", weight: 1 },
      ],
    }),
    "unsupported-weights at routes[0].rules[0].backends",
  ],
  [
    "a limit that the protocol lacks",
    shop({
      services: {
        "shop/a": {
          serviceAccount: "a",
          ports: [{ port: 80 }],
          traffic: { connectionLimits: { maxRequests: 5 } },
        },
      },
    }),
    'unsupported-connection-limit at services["shop/a"].traffic.connectionLimits.maxRequests',
  ],
  [
    "probes too often",
    shop({
      services: {
        "shop/a": {
          serviceAccount: "a",
          ports: [{ port: 80 }],
          traffic: { healthCheck: { path: "/", interval: "1s", timeout: "2s" } },
        },
      },
    }),
    'unsupported-health-check at services["shop/a"].traffic.healthCheck.interval',
  ],
  [
    "a version that is called like a service",
    shop({
      services: {
        "shop/a": { serviceAccount: "a", ports: [{ port: 80 }], versions: { v1: { labels: { v: "1" } } } },
        "shop/a-v1": { serviceAccount: "b", ports: [{ port: 80 }] },
      },
    }),
    'name-clash at services["shop/a"].versions.v1',
  ],
  [
    "a collector of traces",
    shop({ telemetry: { tracing: { samplingPercent: 1, endpoint: "otel.ops.svc:4317" } } }),
    "unsupported-collector at telemetry.tracing.endpoint",
  ],
  [
    "two certificates on a port",
    gatewayed({
      listeners: [
        { port: 443, protocol: "https", hosts: ["a.example.com"], tls: { secret: "a" } },
        { port: 443, protocol: "https", hosts: ["b.example.com"], tls: { secret: "b" } },
      ],
    }),
    "unsupported-listener at gateways.public.listeners[1]",
  ],
  [
    "a host within a wildcard, whose requests would go astray",
    gatewayed({ listeners: [{ port: 80, protocol: "http", hosts: ["*.example.com"] }] }, [
      {
        kind: "http",
        for: { gateway: "public", hosts: ["*.example.com"] },
        rules: [{ backends: [{ service: "shop/web" }] }],
      },
      {
        kind: "http",
        for: { gateway: "public", hosts: ["a.example.com"] },
        rules: [{ match: [{ path: { exact: "/x" } }], backends: [{ service: "shop/web" }] }],
      },
    ]),
    "unsupported-host-overlap at routes[1].for.hosts",
  ],
])("%s is refused", (_, intent, complaint) => {
  expect(found(attempted({ intent })).map(inShort)).toContain(complaint);
  expect(attempted({ intent }).ok).toBe(false);
});

test("more services than a node may call are refused, until their calls are written", () => {
  const services = Object.fromEntries(
    Array.from({ length: 51 }, (_, i) => [`shop/s${i}`, { serviceAccount: `s${i}`, ports: [{ port: 80 }] }]),
  );
  expect(found(attempted({ intent: { services } })).map(inShort)).toContain(
    "too-many-backends at mesh.calls",
  );
  const calls = Object.fromEntries(Object.keys(services).map((key) => [key, ["shop/s0"]]));
  expect(attempted({ intent: { services }, options: { calls } }).ok).toBe(true);
});
