/** Parts of the least intents for the capabilities; each gives several where meshes have different ways in. */

export type Written = Readonly<Record<string, unknown>>;

export const web = { serviceAccount: "web", ports: [{ port: 80 }] };
export const other = { serviceAccount: "other", ports: [{ port: 80 }] };
export const stock = { serviceAccount: "stock", ports: [{ port: 9000, protocol: "grpc" }] };
const db = { serviceAccount: "db", ports: [{ port: 5432, protocol: "tcp" }] };
const cache = { serviceAccount: "cache", ports: [{ port: 6380, protocol: "tls" }] };
export const versions = { v1: { labels: { version: "v1" } }, v2: { labels: { version: "v2" } } };
/** Nothing is denied. */
export const open = { authorization: { default: "allow" } };
const alone = { ...open, services: { "shop/web": web } };

const EXPOSURES = ["cluster", "public"];

export function gateway(exposure: string, listener: Written = { port: 80, protocol: "http" }): Written {
  return { public: { exposure, listeners: [listener] } };
}

/**
 * A rule of a route for a service, and the same for a gateway, since some meshes route at their gateways only; also
 * with a rule for the rest, since some cannot leave requests without any.
 */
export function rule(more: Written, services: Written = {}): Written[] {
  const one = { backends: [{ service: "shop/web" }], ...more };
  const rest = { backends: [{ service: "shop/web" }] };
  const all = { "shop/web": web, ...services };
  const lists = "match" in more ? [[one], [one, rest]] : [[one]];
  return lists.flatMap((rules) => [
    { ...open, services: all, routes: [{ kind: "http", for: { service: "shop/web" }, rules }] },
    ...EXPOSURES.map((exposure) => ({
      ...open,
      services: all,
      gateways: gateway(exposure),
      routes: [{ kind: "http", for: { gateway: "public", hosts: ["*"] }, rules }],
    })),
  ]);
}

export const match = (one: Written): Written[] => rule({ match: [one] });
export const retry = (more: Written): Written[] => rule({ retry: { retries: 2, ...more } });
export const redirect = (to: Written): Written[] =>
  rule({ backends: undefined, match: [{ path: { prefix: "/a" } }], redirect: to });

/** How a service is treated that another calls. */
export function traffic(...each: readonly Written[]): Written[] {
  return each.flatMap((one) => {
    const services = { "shop/web": { ...web, traffic: one }, "shop/other": other };
    const to = { service: "shop/web" };
    return [
      { ...open, services },
      { services, access: [{ to, action: "allow", from: [{ service: "shop/other" }] }] },
    ];
  });
}

const CALLED = {
  grpc: { service: stock, listener: { port: 80 } },
  tcp: { service: db, listener: { port: 443 } },
  tls: { service: cache, listener: { port: 443, hosts: ["*.example.com"] } },
};

/** Routes of other kinds than HTTP, for a service. */
export function calls(protocol: keyof typeof CALLED, rules: readonly Written[]): Written[] {
  const { service } = CALLED[protocol];
  const key = `shop/${service.serviceAccount}`;
  const all = rules.map((r) => ({ backends: [{ service: key }], ...r }));
  const services = { [key]: service };
  return [{ ...open, services, routes: [{ kind: protocol, for: { service: key }, rules: all }] }];
}

/** The same for a gateway. */
export function callsFromOutside(protocol: keyof typeof CALLED, rules: readonly Written[]): Written[] {
  const { service, listener } = CALLED[protocol];
  const key = `shop/${service.serviceAccount}`;
  const all = rules.map((r) => ({ backends: [{ service: key }], ...r }));
  return EXPOSURES.map((exposure) => ({
    ...open,
    services: { [key]: service },
    gateways: gateway(exposure, { ...listener, protocol }),
    routes: [{ kind: protocol, for: { gateway: "public" }, rules: all }],
  }));
}

/** One entry of access, with everything else denied, and with nothing else denied. */
export function access(one: Written, more: Written = {}): Written[] {
  const entry = { to: { service: "shop/web" }, action: "allow", ...one };
  const services = { "shop/web": web, "shop/other": other };
  return [
    { services, access: [entry], ...more },
    { ...open, services, access: [entry], ...more },
    { ...open, mtls: { mode: "permissive" }, services, access: [entry], ...more },
  ];
}

const issuer = "https://login.example.com";
export const jwks = '{"keys":[{"kty":"RSA","kid":"k","n":"AQAB","e":"AQAB"}]}';
export const jwksUri = `${issuer}/keys`;
export const token = (one: Written, provider: Written): Written[] =>
  access({ jwt: { provider: "login", ...one } }, { jwtProviders: { login: { issuer, ...provider } } });

export function listener(one: Written, exposures: readonly string[] = EXPOSURES): Written[] {
  return exposures.map((exposure) => ({ ...alone, gateways: gateway(exposure, one) }));
}

export const mtls = (...each: readonly Written[]): Written[] => each.map((one) => ({ ...alone, mtls: one }));
/** An exception of each mode from the other. */
export const override = (where: Written): Written[] =>
  mtls(
    { overrides: [{ ...where, mode: "permissive" }] },
    { mode: "permissive", overrides: [{ ...where, mode: "strict" }] },
  );
export const authority = (ca: Written): Written[] => mtls({ ca });

export const egress = (one: Written): Written[] => [{ ...alone, egress: one }];
export function external(host: string): Written[] {
  const hub = { hosts: [host], ports: [{ port: 443, protocol: "tls" }] };
  return ["deny", "allow"].flatMap((all) => egress({ default: all, external: { hub } }));
}

export const telemetry = (...each: readonly Written[]): Written[] =>
  each.flatMap((one) => [false, true].map((metrics) => ({ ...alone, telemetry: { metrics, ...one } })));

export function rollout(one: Written): Written[] {
  const success = { successRate: 99 };
  return [
    {
      ...open,
      services: { "shop/web": { ...web, versions } },
      rollouts: [{ service: "shop/web", from: "v1", to: "v2", success, ...one }],
    },
  ];
}

/** Two clusters, each with a root of its own, or with one of the user's, or with one that a cloud keeps for them. */
export function federation(trusts: readonly ("mesh" | "shared-root")[], service: Written = {}): Written[] {
  const services = { "shop/web": { ...web, ...service } };
  const clusters = { east: {}, west: {} };
  return trusts.flatMap((trust): Written[] =>
    trust === "mesh"
      ? [{ ...open, services, federation: { trust, clusters } }]
      : AUTHORITIES.map((ca) => ({ ...open, services, federation: { trust, clusters }, mtls: { ca } })),
  );
}

export const sharedRoot = { kind: "shared-root", secret: "cacerts" };
export const gcpCas = { kind: "gcp-cas", pool: "projects/p/locations/europe-west1/caPools/mesh" };
export const certManager = { kind: "cert-manager", issuer: "mesh" };
export const vault = { kind: "vault", address: "https://vault.example.com", path: "pki", role: "mesh" };
const AUTHORITIES = [sharedRoot, certManager, gcpCas, vault];

export const runsOn = (workloads: string): Written[] => [
  { ...open, services: { "shop/web": { ...web, workloads } } },
];
