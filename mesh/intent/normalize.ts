import { present } from "../../lib";
import {
  normalizeDegrade,
  normalizeEgress,
  normalizeFederation,
  normalizeGateways,
  normalizeRaw,
  normalizeRollouts,
  normalizeTelemetry,
} from "./normalize-operation";
import { normalizeRoutes } from "./normalize-routes";
import {
  normalizeAccess,
  normalizeExternalAuthorization,
  normalizeJwtProviders,
  normalizeMtls,
} from "./normalize-security";
import { normalizeServices } from "./normalize-services";
import { said, type Part } from "./parts";
import type { NormalizedIntent } from "./types";

export type { NormalizedIntent } from "./types";

/**
 * Fills in the defaults of an intent and puts everything whose order means nothing in one fixed order.
 * Total: what an intent refers to and does not have is left as written, for the rules to report.
 */
export function normalize(parts: readonly Part[]): NormalizedIntent {
  const services = normalizeServices(parts);
  const gateways = normalizeGateways(parts);
  const known = new Map(services.map((s) => [s.key, s]));
  return {
    mtls: normalizeMtls(parts),
    authorization: { default: said(parts, (intent) => intent.authorization?.default)?.value ?? "deny" },
    services,
    routes: normalizeRoutes(parts, { services: known, gateways }),
    access: normalizeAccess(parts),
    jwtProviders: normalizeJwtProviders(parts),
    externalAuthorization: normalizeExternalAuthorization(parts, known),
    gateways,
    ...present({ egress: normalizeEgress(parts), telemetry: normalizeTelemetry(parts) }),
    rollouts: normalizeRollouts(parts),
    ...present({ federation: normalizeFederation(parts) }),
    degrade: normalizeDegrade(parts),
    raw: normalizeRaw(parts),
  };
}
