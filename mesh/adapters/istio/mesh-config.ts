import { formatDuration, type JsonObject } from "../../../lib";
import type { ExternalAuthorization } from "../../intent/types";
import { authorizerName, hostOf, TRACING_PROVIDER } from "./names";
import type { Site } from "./site";
import { collectorOf } from "./telemetry";

/** What the intent says of the mesh as a whole, as a MeshConfig: install values, or the ConfigMap of a managed Istio. */
export function meshConfig(site: Site): JsonObject {
  const { intent, trustDomain } = site;
  const providers = extensionProviders(site);
  return {
    trustDomain,
    // Where an intent asks for no retries there are none, routed or not; Istio would retry twice.
    defaultHttpRetryPolicy: { attempts: 0 },
    ...(intent.egress === undefined
      ? {}
      : {
          outboundTrafficPolicy: { mode: intent.egress.default === "deny" ? "REGISTRY_ONLY" : "ALLOW_ANY" },
        }),
    ...(providers.length === 0 ? {} : { extensionProviders: providers }),
  };
}

/** Who is asked about requests, and where spans go: policies and Telemetry objects name them. */
function extensionProviders(site: Site): JsonObject[] {
  const { externalAuthorization } = site.intent;
  const collector = collectorOf(site);
  return [
    ...externalAuthorization.map((authorizer) => authorizerOf(authorizer, site)),
    ...(collector === undefined ? [] : [{ name: TRACING_PROVIDER, opentelemetry: { ...collector } }]),
  ];
}

function authorizerOf(authorizer: ExternalAuthorization, { lookup }: Site): JsonObject {
  const { name, protocol, timeoutMs, failOpen } = authorizer;
  const service = lookup.service(authorizer.service);
  const common = {
    service: service === undefined ? authorizer.service : hostOf(service),
    port: authorizer.port ?? service?.ports[0]?.port ?? 0,
    timeout: formatDuration(timeoutMs),
    failOpen,
  };
  return protocol === "grpc"
    ? { name: authorizerName(name), envoyExtAuthzGrpc: common }
    : {
        name: authorizerName(name),
        // An HTTP authorizer sees no header of the request but those listed.
        envoyExtAuthzHttp: { ...common, includeRequestHeadersInCheck: ["authorization", "cookie", "x-*"] },
      };
}
