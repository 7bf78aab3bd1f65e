import { formatDuration, type JsonObject } from "../../../../lib";
import type { ExternalAuthorization, Service } from "../../../intent/types";
import { consulName } from "../names";
import type { Site } from "../site";

/** The extensions by which a service's proxies ask somebody else about requests. */
export function authorizers(service: Service, site: Site): JsonObject[] {
  return site.intent.externalAuthorization
    .filter((e) => e.to.some((t) => t.service === service.key))
    .map((e) => extension(e, site));
}

function extension(asked: ExternalAuthorization, { lookup }: Site): JsonObject {
  const { service, protocol, timeoutMs, failOpen } = asked;
  const authorizer = lookup.service(service);
  const name = authorizer === undefined ? service : consulName(authorizer);
  const target = { Target: { Service: { Name: name }, Timeout: formatDuration(timeoutMs) } };
  return {
    name: "builtin/ext-authz",
    // One that is not required lets requests pass when nobody answers.
    required: !failOpen,
    arguments: {
      ProxyType: "connect-proxy",
      Config: protocol === "grpc" ? { GrpcService: target } : { HttpService: target },
    },
  };
}
