import { byText, present, sortedBy, type FieldPath } from "../../lib";
import { contentText, unique } from "./order";
import { onlyPort, type KnownServices } from "./known";
import { keyed, listed, said, type Part } from "./parts";
import type { ParsedIntent } from "./schema";
import type {
  Access,
  Caller,
  ExternalAuthorization,
  JwtCondition,
  JwtProvider,
  MtlsOverride,
  NormalizedIntent,
  Operation,
} from "./types";

export function normalizeMtls(parts: readonly Part[]): NormalizedIntent["mtls"] {
  const ca = said(parts, (intent) => intent.mtls?.ca);
  const [root] = parts;
  return {
    mode: said(parts, (intent) => intent.mtls?.mode)?.value ?? "strict",
    trustDomain: said(parts, (intent) => intent.mtls?.trustDomain)?.value ?? "cluster.local",
    overrides: overridesOf(parts),
    ca: { ...(ca?.value ?? { kind: "mesh" }), at: [...(ca?.at ?? root?.at ?? []), "mtls", "ca"] },
  };
}

function overridesOf(parts: readonly Part[]): MtlsOverride[] {
  const overrides = parts.flatMap(({ intent, at }) =>
    (intent.mtls?.overrides ?? []).map((written, i): MtlsOverride => ({
      ...present(written),
      at: [...at, "mtls", "overrides", i],
    })),
  );
  return sortedBy(overrides, (o) =>
    [o.namespace ?? "", o.service ?? "", o.port ?? "", contentText(o)].join(" "),
  );
}

type WrittenAccess = NonNullable<ParsedIntent["access"]>[number];
type WrittenCaller = NonNullable<WrittenAccess["from"]>[number];

export function normalizeAccess(parts: readonly Part[]): Access[] {
  const access = listed(parts, "access", (written, at): Access => {
    const from = (written.from ?? []).map((caller, c) => callerOf(caller, [...at, "from", c]));
    return {
      to: { service: written.to.service, ports: [...new Set(written.to.ports)].sort((a, b) => a - b) },
      action: written.action,
      from: sortedBy(from, contentText),
      operations: operationsOf(written.operations),
      ...present({ jwt: written.jwt && jwtOf(written.jwt) }),
      at,
    };
  });
  return sortedBy(access, (a) => `${a.to.service} ${contentText(a)}`);
}

/** The schema has seen to it that exactly one of the five is there. */
function callerOf(
  { service, gateway, namespace, principal, ipBlocks }: WrittenCaller,
  at: FieldPath,
): Caller {
  if (service !== undefined) return { kind: "service", service, at };
  if (gateway !== undefined) return { kind: "gateway", gateway, at };
  if (namespace !== undefined) return { kind: "namespace", namespace, at };
  if (ipBlocks !== undefined) return { kind: "ipBlocks", blocks: unique(ipBlocks), at };
  return { kind: "principal", principal: principal ?? "", at };
}

function operationsOf(written: WrittenAccess["operations"]): Operation[] {
  const operations = (written ?? []).map(({ methods = [], paths = [] }) => ({
    methods: unique(methods),
    paths: unique(paths),
  }));
  return sortedBy(operations, contentText);
}

function jwtOf({ provider, claims }: NonNullable<WrittenAccess["jwt"]>): JwtCondition {
  const all = Object.entries(claims ?? {}).map(([name, values]) => ({ name, values: unique(values) }));
  return { provider, claims: all.sort((a, b) => byText(a.name, b.name)) };
}

export function normalizeJwtProviders(parts: readonly Part[]): JwtProvider[] {
  const providers = keyed(parts, "jwtProviders", (written, { name, at }): JwtProvider => ({
    name,
    issuer: written.issuer,
    ...present({ jwksUri: written.jwksUri, jwks: written.jwks }),
    audiences: unique(written.audiences ?? []),
    forward: written.forward ?? false,
    at,
  }));
  return providers.sort((a, b) => byText(a.name, b.name));
}

export function normalizeExternalAuthorization(
  parts: readonly Part[],
  services: KnownServices,
): ExternalAuthorization[] {
  const all = listed(parts, "externalAuthorization", (written, at): ExternalAuthorization => {
    const protocol = written.protocol ?? "grpc";
    const to = written.to.map(({ service, operations }) => ({
      service,
      operations: operationsOf(operations),
    }));
    return {
      name: written.name,
      service: written.service,
      ...present({ port: written.port ?? onlyPort(services.get(written.service), protocol) }),
      protocol,
      timeoutMs: written.timeout ?? 1000,
      failOpen: written.failOpen ?? false,
      to: sortedBy(to, contentText),
      at,
    };
  });
  return sortedBy(all, contentText);
}
