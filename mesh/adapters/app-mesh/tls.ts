import type { JsonObject } from "../../../lib";
import type { MtlsMode, NormalizedIntent, Service } from "../../intent/types";
import { mtlsMode } from "../../semantics/mtls";
import { spiffeId } from "./names";
import type { Spelling } from "./model";
import type { Tls } from "./options";
import type { Site } from "./site";

/** Whose proxy it is. */
export interface Account {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** How a service's proxy takes connections on one of its Service's ports; nothing where no certificates are set up. */
export function listenerTls(
  service: Service,
  { port, site, spelling }: { port: number; site: Site; spelling: Spelling },
): JsonObject {
  const { intent, options } = site;
  if (options.tls === undefined) return {};
  const certificate =
    options.tls.kind === "acm"
      ? { acm: spelling.certificate(options.tls.certificates[service.key] ?? "") }
      : ownCertificate(service, options.tls, intent);
  return {
    tls: {
      mode: mtlsMode(service, port, intent).mode.toUpperCase(),
      certificate,
      ...(options.tls.kind === "acm"
        ? {}
        : { validation: { trust: trust(options.tls, { intent, spelling }) } }),
    },
  };
}

/**
 * How a proxy calls a service. Where a port of it takes plaintext nothing is enforced: App Mesh then negotiates TLS
 * where the service offers it. The service's certificate must be for its name in service discovery, or, with SPIFFE
 * ids, be its own.
 */
export function clientPolicy(
  caller: Account,
  { service, site, spelling }: { service: Service; site: Site; spelling: Spelling },
): JsonObject {
  const { intent, options } = site;
  if (options.tls === undefined) return {};
  const { tls } = options;
  const strict = service.ports.every((p) => mtlsMode(service, p.port, intent).mode === "strict");
  return {
    clientPolicy: {
      tls: {
        enforce: strict,
        ...(tls.kind === "acm" ? {} : { certificate: ownCertificate(caller, tls, intent) }),
        validation: {
          trust: trust(tls, { intent, spelling }),
          ...(tls.kind === "sds"
            ? { subjectAlternativeNames: { match: spelling.subjects([spiffeId(service, intent)]) } }
            : {}),
        },
      },
    },
  };
}

/** How a gateway calls services: one policy for all of them, which is all that App Mesh lets a gateway have. */
export function gatewayPolicy(
  gateway: Account,
  { services, site, spelling }: { services: readonly Service[]; site: Site; spelling: Spelling },
): JsonObject {
  const { intent, options } = site;
  if (options.tls === undefined) return {};
  const { tls } = options;
  const modes = new Set(
    services.flatMap((s) => s.ports.map((p): MtlsMode => mtlsMode(s, p.port, intent).mode)),
  );
  const names = [...new Set(services.map((s) => spiffeId(s, intent)))].sort();
  const policy = {
    enforce: !modes.has("permissive"),
    ...(tls.kind === "acm" ? {} : { certificate: ownCertificate(gateway, tls, intent) }),
    validation: {
      trust: trust(tls, { intent, spelling }),
      ...(tls.kind === "sds" && names.length > 0
        ? { subjectAlternativeNames: { match: spelling.subjects(names) } }
        : {}),
    },
  };
  return { backendDefaults: { clientPolicy: { tls: policy } } };
}

function ownCertificate(
  account: Account,
  tls: Exclude<Tls, { kind: "acm" }>,
  intent: NormalizedIntent,
): JsonObject {
  return tls.kind === "sds"
    ? { sds: { secretName: spiffeId(account, intent) } }
    : { file: { certificateChain: `${tls.directory}/tls.crt`, privateKey: `${tls.directory}/tls.key` } };
}

function trust(tls: Tls, { intent, spelling }: { intent: NormalizedIntent; spelling: Spelling }): JsonObject {
  switch (tls.kind) {
    case "sds":
      return { sds: { secretName: `spiffe://${intent.mtls.trustDomain}` } };
    case "file":
      return { file: { certificateChain: `${tls.directory}/ca.crt` } };
    case "acm":
      return { acm: spelling.authorities(tls.authorities) };
  }
}
