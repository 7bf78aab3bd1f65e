import { readGatewayApi } from "../gateway-api";
import { addVersions } from "../services";
import type { Draft } from "../draft";
import type { Manifests } from "../manifests";
import type { Source } from "../types";
import { readAuthorizationPolicies } from "./authorization";
import type { Context } from "./context";
import { readDestinationRules } from "./destination-rule";
import { readGateways } from "./gateways";
import { readMeshConfig, readSidecars } from "./mesh-config";
import { readPeerAuthentications } from "./peer-authentication";
import { readRateLimits } from "./rate-limit";
import { readRequestAuthentications } from "./request-authentication";
import { readServiceEntries } from "./service-entry";
import { readTelemetry } from "./telemetry";
import { readVirtualServices } from "./virtual-service";
import { readWorkloadGroups } from "./workloads";

/** Istio's own kinds, and the Gateway API's, which Istio reads as well. */
export const istio: Source = {
  title: "Istio",
  security: ["AuthorizationPolicy", "PeerAuthentication", "RequestAuthentication", "Sidecar"],
  read: readIstio,
};

function readIstio(manifests: Manifests, draft: Draft): void {
  const context: Context = {
    manifests,
    draft,
    gatewayNames: new Map(),
    configured: false,
    externalHosts: new Set(),
  };
  readGateways(context);
  readGatewayApi(manifests, draft);
  readMeshConfig(context);
  readSidecars(context);
  readRequestAuthentications(context);
  readServiceEntries(context);
  readWorkloadGroups(context);
  readDestinationRules(context);
  readVirtualServices(context);
  readPeerAuthentications(context);
  readAuthorizationPolicies(context);
  readTelemetry(context);
  readRateLimits(context);
  addVersions(manifests, draft);
}
