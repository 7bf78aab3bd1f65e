import type { Diagnostic } from "../../lib";
import { Lookup } from "../intent/lookup";
import type { NormalizedIntent } from "../intent/types";
import { ambiguousPort } from "./ambiguous-port";
import { backendLockout } from "./backend-lockout";
import { degradeCapability } from "./degrade-capability";
import { duplicateHeader } from "./duplicate-header";
import { egressClash } from "./egress-clash";
import { externalAuthorization } from "./external-authorization";
import { failoverLoop } from "./failover-loop";
import { federationTrust } from "./federation-trust";
import { foreignPrincipal } from "./foreign-principal";
import { gatewayHost } from "./gateway-host";
import { gatewayLockout } from "./gateway-lockout";
import { gatewayProtocol } from "./gateway-protocol";
import { headerChange } from "./header-change";
import { healthCheckLockout } from "./health-check-lockout";
import { idleFault } from "./idle-fault";
import { listenerClash } from "./listener-clash";
import { listenerHosts } from "./listener-hosts";
import { listenerTls } from "./listener-tls";
import { mirrorBackend } from "./mirror-backend";
import { overrideClash } from "./override-clash";
import { portClash } from "./port-clash";
import { prefixChange } from "./prefix-change";
import { redirectBackends } from "./redirect-backends";
import { retryTimeout } from "./retry-timeout";
import { rolloutClash } from "./rollout-clash";
import { routeConflict } from "./route-conflict";
import { ruleName } from "./rule-name";
import { sharedIdentity } from "./shared-identity";
import { sniHost } from "./sni-host";
import { strictClient } from "./strict-client";
import { telemetryLockout } from "./telemetry-lockout";
import type { Rule } from "./types";
import { unknownCluster } from "./unknown-cluster";
import { unknownGateway } from "./unknown-gateway";
import { unknownJwtProvider } from "./unknown-jwt-provider";
import { unknownPort } from "./unknown-port";
import { unknownService } from "./unknown-service";
import { unknownVersion } from "./unknown-version";
import { unreachableRule } from "./unreachable-rule";
import { versionLabels } from "./version-labels";
import { weights } from "./weights";
import { wildcardEgress } from "./wildcard-egress";
import { wrongProtocol } from "./wrong-protocol";

/** Every rule, in the order in which they are applied and documented. */
export const rules: readonly Rule[] = [
  unknownService,
  unknownVersion,
  unknownGateway,
  unknownPort,
  unknownJwtProvider,
  unknownCluster,
  ambiguousPort,
  portClash,
  wrongProtocol,
  versionLabels,
  sharedIdentity,
  ruleName,
  weights,
  redirectBackends,
  prefixChange,
  headerChange,
  duplicateHeader,
  routeConflict,
  unreachableRule,
  retryTimeout,
  idleFault,
  mirrorBackend,
  failoverLoop,
  listenerTls,
  listenerClash,
  listenerHosts,
  gatewayProtocol,
  gatewayHost,
  sniHost,
  gatewayLockout,
  backendLockout,
  healthCheckLockout,
  telemetryLockout,
  strictClient,
  foreignPrincipal,
  externalAuthorization,
  overrideClash,
  wildcardEgress,
  egressClash,
  rolloutClash,
  federationTrust,
  degradeCapability,
];

/** Everything that the rules find in an intent, in their order. */
export function applyRules(intent: NormalizedIntent): Diagnostic[] {
  const input = { intent, lookup: new Lookup(intent) };
  return rules.flatMap((rule) => rule.check(input));
}
