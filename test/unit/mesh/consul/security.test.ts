import { planned, services, specOf } from "./plans";

interface Source {
  readonly name: string;
  readonly action?: string;
  readonly permissions?: readonly object[];
}

const cart = { service: "shop/cart" };
const sources = (access: readonly object[], more: object = {}): readonly Source[] | undefined => {
  const plan = planned({ intent: { services, access, ...more } });
  return specOf(plan, "ServiceIntentions", "cart")?.["sources"] as unknown as readonly Source[] | undefined;
};
const open = { authorization: { default: "allow" } };

test.each(["allow", "deny"])("what nothing names is left to one entry of the wildcard: %s", (preset) => {
  const plan = planned({ intent: { services, authorization: { default: preset } } });
  expect(specOf(plan, "ServiceIntentions", `default-${preset}`)).toEqual({
    destination: { name: "*" },
    sources: [{ name: "*", action: preset }],
  });
  expect(specOf(plan, "ServiceIntentions", "cart")).toBeUndefined();
});

test("an allow shuts everybody else out, whatever the default", () => {
  const access = [{ to: cart, action: "allow", from: [{ service: "shop/web" }] }];
  const expected = [
    { name: "web", action: "allow" },
    { name: "*", action: "deny" },
  ];
  expect(sources(access)).toEqual(expected);
  expect(sources(access, open)).toEqual(expected);
});

test("a deny of everybody wins over an allow of somebody, though Consul asks the entry that names the caller", () => {
  const denied = sources([
    { to: cart, action: "allow", from: [{ service: "shop/web" }] },
    { to: cart, action: "deny" },
  ]);
  expect(denied).toEqual([
    { name: "web", action: "deny" },
    { name: "*", action: "deny" },
  ]);
});

test("a deny of some requests comes before what is allowed to the same caller", () => {
  const access = [
    {
      to: cart,
      action: "allow",
      from: [{ service: "shop/web" }],
      operations: [{ methods: ["GET"], paths: ["/a*", "/b", "*.css"] }],
    },
    { to: cart, action: "deny", operations: [{ paths: ["/a/admin*"] }] },
  ];
  expect(sources(access)).toEqual([
    {
      name: "web",
      permissions: [
        { action: "deny", http: { pathPrefix: "/a/admin" } },
        { action: "allow", http: { methods: ["GET"], pathRegex: ".*\\.css" } },
        { action: "allow", http: { methods: ["GET"], pathPrefix: "/a" } },
        { action: "allow", http: { methods: ["GET"], pathExact: "/b" } },
        { action: "deny", http: { pathPrefix: "/" } },
      ],
    },
    { name: "*", action: "deny" },
  ]);
});

test("where the default is to allow, a deny of one caller leaves the others alone", () => {
  const access = [
    { to: cart, action: "deny", from: [{ service: "shop/web" }], operations: [{ methods: ["DELETE"] }] },
  ];
  expect(sources(access, open)).toEqual([
    {
      name: "web",
      permissions: [
        { action: "deny", http: { methods: ["DELETE"], pathPrefix: "/" } },
        { action: "allow", http: { pathPrefix: "/" } },
      ],
    },
    { name: "*", action: "allow" },
  ]);
});

test("what is said of everybody holds for those that are named as well", () => {
  const access = [
    { to: cart, action: "allow", operations: [{ methods: ["GET"] }] },
    { to: cart, action: "allow", from: [{ service: "shop/web" }], operations: [{ methods: ["POST"] }] },
  ];
  const [web, anyone] = sources(access) ?? [];
  expect(web?.permissions).toHaveLength(3);
  expect(anyone?.permissions).toEqual([
    { action: "allow", http: { methods: ["GET"], pathPrefix: "/" } },
    { action: "deny", http: { pathPrefix: "/" } },
  ]);
});

test("a namespace means its services, a gateway its proxies", () => {
  const more = {
    services: { ...services, "ops/bot": { serviceAccount: "bot", ports: [{ port: 80 }] } },
    gateways: { public: { listeners: [{ port: 80, protocol: "http" }] } },
  };
  const access = [{ to: cart, action: "allow", from: [{ namespace: "ops" }, { gateway: "public" }] }];
  expect(sources(access, more)?.map((s) => [s.name, s.action])).toEqual([
    ["bot", "allow"],
    ["public-gateway", "allow"],
    ["*", "deny"],
  ]);
});

test("services that share an identity are let in together", () => {
  const shared = {
    serviceAccount: "web",
    sharesServiceAccount: true,
    ports: [{ port: 80, protocol: "http" }],
  };
  const more = {
    services: { ...services, "shop/web": shared, "shop/worker": shared },
    authorization: { default: "deny" },
  };
  const intent = { ...more, access: [{ to: cart, action: "allow", from: [{ service: "shop/web" }] }] };
  const plan = planned({ intent, options: { acls: false } });
  expect(specOf(plan, "ServiceIntentions", "cart")?.["sources"]).toEqual([
    { name: "web", action: "allow" },
    { name: "worker", action: "allow" },
    { name: "*", action: "deny" },
  ]);
});

const jwtProviders = {
  login: { issuer: "https://issuer.example", jwksUri: "https://issuer.example/keys", audiences: ["a"] },
};

test("each choice of values that claims leave is a provider of its own, of which Consul takes any", () => {
  const jwt = { provider: "login", claims: { groups: ["a", "b"], tier: ["gold"] } };
  const [anyone] = sources([{ to: cart, action: "allow", jwt }], { jwtProviders }) ?? [];
  const claims = (group: string) => [
    { path: ["groups"], value: group },
    { path: ["tier"], value: "gold" },
  ];
  expect(anyone?.permissions).toEqual([
    {
      action: "allow",
      http: { pathPrefix: "/" },
      jwt: {
        providers: [
          { name: "login", verifyClaims: claims("a") },
          { name: "login", verifyClaims: claims("b") },
        ],
      },
    },
    { action: "deny", http: { pathPrefix: "/" } },
  ]);
});

test("two tokens for the very same requests are one permission", () => {
  const access = ["x", "y"].map((group) => ({
    to: cart,
    action: "allow",
    jwt: { provider: "login", claims: { groups: [group] } },
  }));
  const [anyone] = sources(access, { jwtProviders }) ?? [];
  expect(anyone?.permissions).toHaveLength(2);
});

test("what needs no token is closed to bad ones where others need one, and comes before what does", () => {
  const access = [
    { to: cart, action: "allow", jwt: { provider: "login", claims: { groups: ["a"] } } },
    { to: cart, action: "allow", operations: [{ paths: ["/open"] }] },
  ];
  const [anyone] = sources(access, { jwtProviders }) ?? [];
  const named = { providers: [{ name: "login" }] };
  expect(anyone?.permissions).toEqual([
    {
      action: "allow",
      http: { header: [{ invert: true, name: "authorization", present: true }], pathExact: "/open" },
    },
    {
      action: "allow",
      http: { header: [{ contains: "Bearer ", invert: true, name: "authorization" }], pathExact: "/open" },
    },
    { action: "allow", http: { pathExact: "/open" }, jwt: named },
    expect.objectContaining({ http: { pathPrefix: "/" } }),
    { action: "deny", http: { pathPrefix: "/" } },
  ]);
});

test("providers check their keys' certificates, and hand tokens on only if they are told to", () => {
  const keys = JSON.stringify({ keys: [{ kty: "EC", crv: "P-256", kid: "k", x: "eA", y: "eQ" }] });
  const inline = { issuer: "https://b.example", jwks: keys, forward: true };
  const plan = planned({ intent: { services, jwtProviders: { ...jwtProviders, inline } } });
  expect(specOf(plan, "JWTProvider", "login")).toMatchObject({
    audiences: ["a"],
    jsonWebKeySet: {
      remote: { uri: "https://issuer.example/keys", useSNI: true, jwksCluster: { tlsCertificates: {} } },
    },
    locations: [{ header: { name: "Authorization", valuePrefix: "Bearer ", forward: false } }],
  });
  const spec = specOf(plan, "JWTProvider", "inline") as unknown as {
    jsonWebKeySet: { local: { jwks: string } };
  };
  expect(Buffer.from(spec.jsonWebKeySet.local.jwks, "base64").toString()).toBe(keys);
  expect(spec).toMatchObject({ locations: [{ header: { forward: true } }] });
});

test("mutual TLS is permissive only where the intent says so", () => {
  const override = (mode: string, overrides: object[]) =>
    planned({ intent: { services, ...open, mtls: { mode, overrides } } });
  const strict = override("strict", [{ service: "shop/web", mode: "permissive" }]);
  expect(specOf(strict, "Mesh", "mesh")).toMatchObject({ allowEnablingPermissiveMutualTLS: true });
  expect(specOf(strict, "ProxyDefaults", "global")).not.toHaveProperty("mutualTLSMode");
  expect(specOf(strict, "ServiceDefaults", "web")).toMatchObject({ mutualTLSMode: "permissive" });
  expect(specOf(strict, "ServiceDefaults", "cart")).not.toHaveProperty("mutualTLSMode");
  expect(specOf(override("permissive", []), "ProxyDefaults", "global")).toMatchObject({
    mutualTLSMode: "permissive",
  });
  expect(specOf(override("strict", []), "Mesh", "mesh")).not.toHaveProperty(
    "allowEnablingPermissiveMutualTLS",
  );
});

test("a strict namespace in a permissive mesh covers services that the intent does not name", () => {
  const other = { "ops/bot": { serviceAccount: "bot", ports: [{ port: 80 }] } };
  const mtls = { mode: "permissive", overrides: [{ namespace: "shop", mode: "strict" }] };
  const plan = planned({ intent: { services: { ...services, ...other }, ...open, mtls } });
  expect(specOf(plan, "ProxyDefaults", "global")).not.toHaveProperty("mutualTLSMode");
  expect(specOf(plan, "ServiceDefaults", "bot")).toMatchObject({ mutualTLSMode: "permissive" });
});

test("an authorizer is asked by the guarded service's proxies, and required unless it fails open", () => {
  const check = (failOpen: boolean) => {
    const authz = { serviceAccount: "authz", ports: [{ port: 9000, protocol: "grpc" }] };
    const intent = {
      services: { ...services, "shop/authz": authz },
      access: [{ to: { service: "shop/authz" }, action: "allow", from: [cart] }],
      externalAuthorization: [
        { name: "check", service: "shop/authz", protocol: "grpc", timeout: "500ms", failOpen, to: [cart] },
      ],
    };
    return specOf(planned({ intent }), "ServiceDefaults", "cart")?.["envoyExtensions"];
  };
  const target = { Target: { Service: { Name: "authz" }, Timeout: "500ms" } };
  const extension = {
    name: "builtin/ext-authz",
    arguments: { ProxyType: "connect-proxy", Config: { GrpcService: target } },
  };
  expect(check(false)).toEqual([{ ...extension, required: true }]);
  expect(check(true)).toEqual([{ ...extension, required: false }]);
});

test("what egress names may be called by all, and nothing else outside", () => {
  const external = {
    github: {
      hosts: ["api.github.com"],
      ports: [
        { port: 443, protocol: "tls" },
        { port: 80, protocol: "http" },
      ],
    },
  };
  const plan = planned({ intent: { services, egress: { default: "deny", external } } });
  expect(specOf(plan, "Mesh", "mesh")).toMatchObject({ transparentProxy: { meshDestinationsOnly: true } });
  expect(specOf(plan, "ServiceDefaults", "github-443")).toEqual({
    protocol: "tcp",
    destination: { addresses: ["api.github.com"], port: 443 },
  });
  expect(specOf(plan, "ServiceDefaults", "github-80")).toMatchObject({ protocol: "http" });
  expect(specOf(plan, "TerminatingGateway", "terminating-gateway")).toEqual({
    services: [{ name: "github-80" }, { name: "github-443" }],
  });
  expect(specOf(plan, "ServiceIntentions", "github-443")).toMatchObject({
    sources: [{ name: "*", action: "allow" }],
  });
});

test("paths that are spelled in another way do not slip past access", () => {
  const access = [{ to: cart, action: "deny", operations: [{ paths: ["/admin*"] }] }];
  expect(specOf(planned({ intent: { services, access } }), "Mesh", "mesh")).toMatchObject({
    http: { incoming: { requestNormalization: { mergeSlashes: true } } },
  });
});
