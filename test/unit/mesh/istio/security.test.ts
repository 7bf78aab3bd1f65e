import { shop } from "../intents";
import { objectsOf, planned, specOf } from "./plans";

test("strict is strict for the whole mesh, permissive likewise", () => {
  for (const mode of ["strict", "permissive"]) {
    const plan = planned({ intent: { mtls: { mode } } });
    expect(specOf(plan, "PeerAuthentication", "istio-system/default")).toEqual({
      mtls: { mode: mode.toUpperCase() },
    });
  }
});

test("overrides of a service and its ports become one object, by the ports of the pods", () => {
  const intent = {
    ...shop(),
    mtls: {
      overrides: [
        { service: "shop/cart", port: 80, mode: "permissive", until: "2027-02-01" },
        { service: "shop/cart", mode: "strict", until: "2027-01-01" },
        { namespace: "shop", mode: "permissive" },
      ],
    },
  };
  const plan = planned({ intent });
  expect(specOf(plan, "PeerAuthentication", "shop/cart-mtls")).toEqual({
    selector: { matchLabels: { app: "cart" } },
    mtls: { mode: "STRICT" },
    portLevelMtls: { "8080": { mode: "PERMISSIVE" } },
  });
  expect(specOf(plan, "PeerAuthentication", "shop/default")).toEqual({ mtls: { mode: "PERMISSIVE" } });
  const cart = objectsOf(plan, "PeerAuthentication").find((o) => o.metadata.name === "cart-mtls");
  expect(cart?.metadata.annotations).toEqual({ "meshwright.dev/until": "2027-01-01" });
});

test("deny by default is one policy that allows nothing, and gateways admit callers on their listeners", () => {
  const plan = planned({ intent: shop() });
  expect(specOf(plan, "AuthorizationPolicy", "istio-system/default-deny")).toEqual({});
  expect(specOf(plan, "AuthorizationPolicy", "istio-ingress/public-gateway-allow")).toEqual({
    selector: { matchLabels: { istio: "public-gateway" } },
    action: "ALLOW",
    rules: [{ to: [{ operation: { ports: ["80"] } }] }],
  });
});

test("allow by default leaves only what access says", () => {
  const names = objectsOf(
    planned({ intent: { ...shop(), authorization: { default: "allow" } } }),
    "AuthorizationPolicy",
  );
  expect(names.map((o) => o.metadata.name)).toEqual(["cart-allow", "web-allow"]);
});

test("callers are named by identity: service, gateway, namespace, principal", () => {
  const from = [
    { principal: "spiffe://other.example/ns/a/sa/b" },
    { service: "shop/web" },
    { namespace: "ops" },
    { gateway: "public" },
  ];
  const intent = {
    ...shop(),
    mtls: { trustDomain: "td.example" },
    access: [{ to: { service: "shop/cart" }, action: "allow", from }],
  };
  expect(specOf(planned({ intent }), "AuthorizationPolicy", "shop/cart-allow")).toEqual({
    selector: { matchLabels: { app: "cart" } },
    action: "ALLOW",
    rules: [
      {
        from: [
          { source: { principals: ["td.example/ns/istio-ingress/sa/public-gateway"] } },
          { source: { principals: ["td.example/ns/ops/*"] } },
          { source: { principals: ["other.example/ns/a/sa/b"] } },
          { source: { principals: ["td.example/ns/shop/sa/web"] } },
        ],
      },
    ],
  });
});

test("each access is a rule of its own; ports are those of the pods and narrow every operation", () => {
  const to = { service: "shop/cart", ports: [80] };
  const access = [
    {
      to,
      action: "deny",
      operations: [{ methods: ["POST", "GET"], paths: ["/admin/*"] }, { paths: ["*/x"] }],
    },
    { to, action: "deny", from: [{ namespace: "test" }] },
    { to: { service: "shop/cart" }, action: "allow" },
  ];
  const plan = planned({ intent: { ...shop(), access } });
  expect(specOf(plan, "AuthorizationPolicy", "shop/cart-deny")).toEqual({
    selector: { matchLabels: { app: "cart" } },
    action: "DENY",
    rules: [
      {
        to: [
          { operation: { methods: ["GET", "POST"], paths: ["/admin/*"], ports: ["8080"] } },
          { operation: { paths: ["*/x"], ports: ["8080"] } },
        ],
      },
      {
        from: [{ source: { principals: ["cluster.local/ns/test/*"] } }],
        to: [{ operation: { ports: ["8080"] } }],
      },
    ],
  });
  expect(specOf(plan, "AuthorizationPolicy", "shop/cart-allow")).toHaveProperty("rules", [{}]);
});

test("a denial of paths names the service's ports, or Istio would deny whatever else carries no HTTP", () => {
  const to = { service: "shop/cart" };
  const access = [
    { to, action: "deny", operations: [{ paths: ["/admin"] }] },
    { to, action: "allow", operations: [{ paths: ["/"] }] },
  ];
  const plan = planned({ intent: { ...shop(), access } });
  expect(specOf(plan, "AuthorizationPolicy", "shop/cart-deny")).toHaveProperty("rules", [
    { to: [{ operation: { paths: ["/admin"], ports: ["8080"] } }] },
  ]);
  expect(specOf(plan, "AuthorizationPolicy", "shop/cart-allow")).toHaveProperty("rules", [
    { to: [{ operation: { paths: ["/"] } }] },
  ]);
});
