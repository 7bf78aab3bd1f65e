import type { CapabilityId } from "../../../mesh/capability/ids";
import type { Intent } from "../../../mesh/intent";
import { CALLER, MAIN, PROBE, type Draft, type WrittenAccess } from "./draft";
import { METHODS } from "./values";

type Mtls = NonNullable<Intent["mtls"]>;
type Override = NonNullable<Mtls["overrides"]>[number];
type Caller = NonNullable<WrittenAccess["from"]>[number];

export const TRUST_DOMAIN = "prod.example";
export const STRANGER = "spiffe://partner.example/ns/shop/sa/buyer";

export function mtlsOf(draft: Draft): Mtls {
  const { dice, wants } = draft;
  const mode = wants("mtls.strict") ? "strict" : "permissive";
  const both = wants("mtls.strict") && wants("mtls.permissive");
  const exception = wants("mtls.permissive") ? "permissive" : "strict";
  const places = [
    ...(wants("mtls.override.namespace") ? [{ namespace: dice.pick(["ops", "shop"]) }] : []),
    ...(wants("mtls.override.service") ? [{ service: MAIN }] : []),
    ...(wants("mtls.override.port") ? [{ service: dice.pick([MAIN, CALLER]), port: 80 }] : []),
  ];
  // The first is an exception, the others may take it back for a part.
  const overrides = dice.shuffled(places).map((place, i): Override => ({
    ...place,
    mode: both && i > 0 && dice.chance(0.5) ? mode : exception,
  }));
  const ca = caOf(draft);
  return {
    ...(mode === "permissive" || dice.chance(0.5) ? { mode } : {}),
    ...(wants("mtls.trustDomain") ? { trustDomain: TRUST_DOMAIN } : {}),
    ...(overrides.length === 0 ? {} : { overrides }),
    ...(ca === undefined ? {} : { ca }),
  };
}

function caOf({ wants }: Draft): Mtls["ca"] {
  if (wants("mtls.ca.shared-root")) return { kind: "shared-root", secret: "mesh-ca" };
  if (wants("mtls.ca.cert-manager")) return { kind: "cert-manager", issuer: "mesh-issuer" };
  if (wants("mtls.ca.vault"))
    return { kind: "vault", address: "https://vault.example.com:8200", path: "pki/mesh", role: "mesh" };
  if (wants("mtls.ca.aws-pca")) {
    return {
      kind: "aws-pca",
      arn: "arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/11223344-1234-1122-2233-112233445566",
    };
  }
  if (wants("mtls.ca.key-vault")) {
    return {
      kind: "key-vault",
      vaultId: "/subscriptions/1/resourceGroups/mesh/providers/Microsoft.KeyVault/vaults/mesh",
      prefix: "mesh",
    };
  }
  if (wants("mtls.ca.gcp-cas"))
    return { kind: "gcp-cas", pool: "projects/mesh/locations/europe-west1/caPools/mesh" };
  return undefined;
}

/** Tokens, and who is asked besides. */
export function addProviders({ dice, intent, wants, jwks }: Draft): void {
  const common = () => ({
    ...(dice.chance(0.5) ? { audiences: ["shop"] } : {}),
    ...(dice.chance(0.5) ? { forward: dice.chance(0.7) } : {}),
  });
  const inline = wants("jwt.inlineKeys")
    ? { login: { issuer: "https://login.example.com", jwks, ...common() } }
    : {};
  const remote = wants("jwt.remoteKeys")
    ? {
        partners: {
          issuer: "https://partners.example.com",
          jwksUri: "https://partners.example.com/keys",
          ...common(),
        },
      }
    : {};
  const jwtProviders = { ...inline, ...remote };
  if (Object.keys(jwtProviders).length > 0) intent.jwtProviders = jwtProviders;
  if (!wants("externalAuthorization")) return;
  intent.services["shop/authz"] = { serviceAccount: "authz", ports: [{ port: 9191, protocol: "grpc" }] };
  const narrowed = dice.chance(0.4) ? { operations: [{ paths: ["/api*"] }] } : {};
  intent.externalAuthorization = [
    {
      name: "judge",
      service: "shop/authz",
      ...(dice.chance(0.5) ? { timeout: "500ms" } : {}),
      ...(dice.chance(0.3) ? { failOpen: true } : {}),
      to: [{ service: MAIN, ...narrowed }],
    },
  ];
}

const ACTIONS = ["allow", "deny", "audit"] as const;
const DETAILS: readonly CapabilityId[] = ["access.ports", "access.methods", "access.paths", "access.jwt"];
const CALLERS: readonly CapabilityId[] = [
  "access.from.service",
  "access.from.gateway",
  "access.from.namespace",
  "access.from.principal",
  "access.from.ipBlocks",
];

/**
 * Access to the main service with everything that is wanted, each detail in one entry of each action or two; and enough
 * allowed elsewhere for something to get through.
 */
export function addAccess(draft: Draft, wanted: readonly CapabilityId[]): void {
  const { dice, intent, wants } = draft;
  const actions = ACTIONS.filter((action) => wants(`access.${action}`));
  const entries = actions.flatMap((action) =>
    Array.from({ length: dice.int(1, 2) }, () => ({ action, asks: new Set<CapabilityId>() })),
  );
  if (entries.length === 0) return;
  for (const id of [...DETAILS, ...CALLERS].filter((each) => wanted.includes(each))) {
    dice.pick(entries).asks.add(id);
    // Once more, so that two details often meet in one entry.
    dice.pick(entries).asks.add(id);
  }
  intent.access.push(...entries.map(({ action, asks }) => entryOf(draft, action, asks)));
  if (!wants("access.allow")) return;
  const others = Object.keys(intent.services).filter((key) => key !== MAIN && key !== PROBE);
  for (const service of dice.some(others, 0.7)) intent.access.push({ to: { service }, action: "allow" });
  const from = [
    ...(wants("access.from.service") ? [{ service: CALLER }] : []),
    ...(wants("access.from.gateway")
      ? Object.keys(intent.gateways ?? {}).map((gateway) => ({ gateway }))
      : []),
  ];
  if (from.length > 0 && dice.chance(0.6))
    intent.access.push({ to: { service: MAIN }, action: "allow", from });
}

function entryOf(
  draft: Draft,
  action: WrittenAccess["action"],
  asks: ReadonlySet<CapabilityId>,
): WrittenAccess {
  const { dice } = draft;
  const from = CALLERS.filter((id) => asks.has(id)).flatMap((id) => callersOf(draft, id));
  const operation = {
    ...(asks.has("access.methods")
      ? { methods: dice.pick([["GET"], ["GET", "HEAD"], [dice.pick(METHODS)]]) }
      : {}),
    ...(asks.has("access.paths")
      ? { paths: dice.pick([["/api*"], ["/cart/items"], ["*/items", "/health"], ["/api/*"]]) }
      : {}),
  };
  const operations = Object.keys(operation).length === 0 ? {} : { operations: [operation] };
  const whole = asks.has("access.ports") ? { ports: [80] } : {};
  return {
    to: { service: MAIN, ...whole },
    action,
    ...(from.length === 0 ? {} : { from }),
    ...operations,
    ...(asks.has("access.jwt") ? { jwt: jwtOf(draft) } : {}),
  };
}

function callersOf({ dice, intent }: Draft, id: CapabilityId): Caller[] {
  switch (id) {
    case "access.from.service":
      return [{ service: dice.pick([CALLER, PROBE]) }];
    case "access.from.gateway":
      return Object.keys(intent.gateways ?? {})
        .slice(0, 1)
        .map((gateway) => ({ gateway }));
    case "access.from.namespace":
      return [{ namespace: dice.pick(["ops", "shop"]) }];
    case "access.from.principal": {
      const domain = intent.mtls?.trustDomain ?? "cluster.local";
      return [{ principal: dice.pick([STRANGER, `spiffe://${domain}/ns/ops/sa/probe`]) }];
    }
    default:
      return [{ ipBlocks: dice.pick([["10.0.0.0/8"], ["10.1.2.3/32", "192.168.0.0/16"], ["fd00::/8"]]) }];
  }
}

function jwtOf({ dice, intent, wants }: Draft): NonNullable<WrittenAccess["jwt"]> {
  const provider = dice.pick(Object.keys(intent.jwtProviders ?? {}));
  if (!wants("access.jwt.claims")) return { provider };
  const claims = dice.pick([
    { groups: ["staff"] },
    { groups: ["staff", "admin"], team: ["shop"] },
    { sub: ["jason"] },
  ]);
  return { provider, claims };
}
