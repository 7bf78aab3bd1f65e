import type { Check } from "../types";
import { accepted } from "./accepted";
import { authorization } from "./authorization";
import { gateways } from "./gateways";
import { inboundMtls } from "./inbound-mtls";
import { outboundMtls } from "./outbound-mtls";
import { peerAuthentication } from "./peer-authentication";
import { routes } from "./routes";
import { workloads } from "./workloads";

export interface NamedCheck {
  readonly id: string;
  readonly title: string;
  readonly check: Check;
  /** It says something of a mesh in which no workload has a proxy yet. */
  readonly withoutProxies?: true;
}

/** Every check of what the cluster and its proxies are told, in the order in which they are shown. */
export const checks: readonly NamedCheck[] = [
  { id: "workloads", title: "every pod of a service has a proxy", check: workloads, withoutProxies: true },
  { id: "accepted", title: "no configuration was refused", check: accepted },
  { id: "inbound-mtls", title: "every way into a pod demands a client certificate", check: inboundMtls },
  {
    id: "peer-authentication",
    title: "no policy in the cluster weakens mTLS",
    check: peerAuthentication,
    withoutProxies: true,
  },
  {
    id: "outbound-mtls",
    title: "calls between services are encrypted, to the right identity",
    check: outboundMtls,
  },
  { id: "authorization", title: "who may call what is what the intent says", check: authorization },
  { id: "routes", title: "routes and weights are those of the intent", check: routes },
  { id: "gateways", title: "gateways listen and route as the intent says", check: gateways },
];
