import type { Access, Caller, NormalizedIntent } from "../intent/types";
import { once, partsWith } from "./places";
import type { Definition } from "./types";

const POLICY = "https://istio.io/latest/docs/concepts/security/#authorization";
const JWT = "https://datatracker.ietf.org/doc/html/rfc7519";

const CALLERS: Readonly<Record<Caller["kind"], { readonly title: string; readonly definition: string }>> = {
  service: { title: "a service", definition: "Access is for the identity of another service." },
  gateway: { title: "a gateway", definition: "Access is for what comes through a gateway." },
  namespace: { title: "a namespace", definition: "Access is for every identity of a namespace." },
  principal: { title: "an identity", definition: "Access is for an identity by its SPIFFE id." },
  ipBlocks: {
    title: "blocks of addresses",
    definition: "Access is for callers with an address in some blocks.",
  },
};

function entries(asks: (access: Access) => boolean, ...path: string[]): Definition["uses"] {
  return partsWith(({ access }: NormalizedIntent) => access, asks, path);
}

function action(wanted: Access["action"]): Definition["uses"] {
  return entries((entry) => entry.action === wanted, "action");
}

function from(kind: Caller["kind"]): Definition {
  const { title, definition } = CALLERS[kind];
  return {
    title: `access of ${title}`,
    definition,
    level: kind === "principal" || kind === "ipBlocks" ? "extended" : "core",
    security: true,
    link: POLICY,
    uses: partsWith(
      ({ access }: NormalizedIntent) => access.flatMap((entry) => entry.from),
      (caller) => caller.kind === kind,
      [kind],
    ),
  };
}

const isDefault = (wanted: "deny" | "allow"): Definition["uses"] =>
  once(["authorization", "default"], ({ authorization }) => authorization.default === wanted);

/** Who may call what. */
export const access = {
  "authorization.defaultDeny": {
    title: "deny by default",
    definition: "A service without access entries takes no requests.",
    level: "core",
    security: true,
    link: POLICY,
    uses: isDefault("deny"),
  },
  "authorization.defaultAllow": {
    title: "allow by default",
    definition: "A service without access entries takes all requests.",
    level: "core",
    security: true,
    link: POLICY,
    uses: isDefault("allow"),
  },
  "access.allow": {
    title: "allow",
    definition: "A service takes what its allows name and nothing else.",
    level: "core",
    security: true,
    link: POLICY,
    uses: action("allow"),
  },
  "access.deny": {
    title: "deny",
    definition: "A service refuses what a deny names, whatever else allows it.",
    level: "extended",
    security: true,
    link: POLICY,
    uses: action("deny"),
  },
  "access.audit": {
    title: "audit",
    definition: "What an audit names is logged, and neither allowed nor denied.",
    level: "extended",
    security: true,
    link: POLICY,
    uses: action("audit"),
  },
  "access.ports": {
    title: "access to ports",
    definition: "An entry holds for some ports of a service.",
    level: "core",
    security: true,
    link: POLICY,
    uses: entries(({ to }) => to.ports.length > 0, "to", "ports"),
  },
  "access.methods": {
    title: "access by method",
    definition: "An entry holds for some HTTP methods.",
    level: "extended",
    security: true,
    link: POLICY,
    uses: entries(({ operations }) => operations.some((o) => o.methods.length > 0), "operations"),
  },
  "access.paths": {
    title: "access by path",
    definition: "An entry holds for paths that are, begin or end as it says.",
    level: "extended",
    security: true,
    link: POLICY,
    uses: entries(({ operations }) => operations.some((o) => o.paths.length > 0), "operations"),
  },
  "access.from.service": from("service"),
  "access.from.gateway": from("gateway"),
  "access.from.namespace": from("namespace"),
  "access.from.principal": from("principal"),
  "access.from.ipBlocks": from("ipBlocks"),
  "access.jwt": {
    title: "access by token",
    definition: "An entry holds for requests with a valid token of a provider.",
    level: "extended",
    security: true,
    link: JWT,
    uses: entries(({ jwt }) => jwt !== undefined, "jwt"),
  },
  "access.jwt.claims": {
    title: "access by claims",
    definition: "An entry holds for requests whose token has claims of given values.",
    level: "extended",
    security: true,
    link: JWT,
    uses: entries(({ jwt }) => (jwt?.claims.length ?? 0) > 0, "jwt", "claims"),
  },
  "jwt.remoteKeys": {
    title: "token keys fetched",
    definition: "The keys that tokens are signed with are fetched from their issuer.",
    level: "extended",
    security: true,
    link: "https://datatracker.ietf.org/doc/html/rfc7517",
    uses: partsWith(
      (i: NormalizedIntent) => i.jwtProviders,
      (p) => p.jwksUri !== undefined,
      ["jwksUri"],
    ),
  },
  "jwt.inlineKeys": {
    title: "token keys written down",
    definition: "The keys that tokens are signed with stand in the mesh's own configuration.",
    level: "extended",
    security: true,
    link: "https://datatracker.ietf.org/doc/html/rfc7517",
    uses: partsWith(
      (i: NormalizedIntent) => i.jwtProviders,
      (p) => p.jwks !== undefined,
      ["jwks"],
    ),
  },
  externalAuthorization: {
    title: "external authorization",
    definition: "A service is asked about requests before they are let through.",
    level: "extended",
    security: true,
    link: "https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/ext_authz_filter",
    uses: partsWith(
      (i: NormalizedIntent) => i.externalAuthorization,
      () => true,
    ),
  },
} as const satisfies { readonly [id: string]: Definition };
