import type { Diagnostic } from "../../lib";
import { Lookup } from "../intent/lookup";
import type { NormalizedIntent } from "../intent/types";
import { ambiguousPort } from "./ambiguous-port";
import { duplicateHeader } from "./duplicate-header";
import { gatewayHost } from "./gateway-host";
import { gatewayLockout } from "./gateway-lockout";
import { listenerClash } from "./listener-clash";
import { listenerTls } from "./listener-tls";
import { overrideClash } from "./override-clash";
import { portClash } from "./port-clash";
import { routeConflict } from "./route-conflict";
import { sharedIdentity } from "./shared-identity";
import type { Rule } from "./types";
import { unknownGateway } from "./unknown-gateway";
import { unknownPort } from "./unknown-port";
import { unknownService } from "./unknown-service";
import { unknownVersion } from "./unknown-version";
import { versionLabels } from "./version-labels";
import { weights } from "./weights";
import { wrongProtocol } from "./wrong-protocol";

/** Every rule, in the order in which they are applied and documented. */
export const rules: readonly Rule[] = [
  unknownService,
  unknownVersion,
  unknownGateway,
  unknownPort,
  ambiguousPort,
  portClash,
  wrongProtocol,
  versionLabels,
  sharedIdentity,
  weights,
  duplicateHeader,
  routeConflict,
  listenerTls,
  listenerClash,
  gatewayHost,
  gatewayLockout,
  overrideClash,
];

/** Everything that the rules find in an intent, in their order. */
export function applyRules(intent: NormalizedIntent): Diagnostic[] {
  const input = { intent, lookup: new Lookup(intent) };
  return rules.flatMap((rule) => rule.check(input));
}
