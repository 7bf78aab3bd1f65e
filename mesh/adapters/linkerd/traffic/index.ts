import { isJsonObject, type Json, type JsonObject } from "../../../../lib";
import { gatewayObject, referenceGrants, routeObjects, versionServices } from "../../../gateway-api";
import type { KubeObject } from "../../../plan/types";
import type { Site } from "../site";
import { routeSite } from "./dialect";

export { trafficFaults } from "./faults";

/** Where requests go: a Service for each version that routes name, routes, and gateways. */
export function trafficObjects(site: Site): KubeObject[] {
  const routes = routeSite(site);
  return [
    ...versionServices(site.intent),
    ...gateways(site),
    ...routeObjects(routes).map((object) => (forService(object) ? asLinkerdReads(object) : object)),
    ...referenceGrants(routes),
  ];
}

/** Gateways of whatever carries the Gateway API; none where nobody does. */
function gateways({ intent, options, cluster }: Site): KubeObject[] {
  const { gateways: carrier } = options;
  if (carrier === undefined) return [];
  return intent.gateways.map((gateway) =>
    gatewayObject(gateway, {
      name: gateway.name,
      namespace: carrier.namespace,
      className: carrier.className,
      ...(gateway.exposure === "internal"
        ? { more: { infrastructure: { annotations: cluster.internalLoadBalancer ?? {} } } }
        : {}),
    }),
  );
}

function forService(object: KubeObject): boolean {
  const spec = object["spec"];
  const parents = isJsonObject(spec) ? spec["parentRefs"] : undefined;
  return Array.isArray(parents) && parents.some((p) => isJsonObject(p) && p["kind"] === "Service");
}

function asLinkerdReads(object: KubeObject): KubeObject {
  return { ...object, spec: rewritten(object["spec"] ?? {}) };
}

/**
 * Expressions anchored: Linkerd takes the first alternative that matches, and only then asks whether it was the whole.
 * No timeout of a try, which it reads from an annotation alone. And the port of a redirect to another scheme, which it
 * does not take from the scheme.
 */
function rewritten(value: Json): Json {
  if (Array.isArray(value)) return value.map(rewritten);
  if (!isJsonObject(value)) return value;
  const { type, value: text, timeouts, requestRedirect } = value;
  if (type === "RegularExpression" && typeof text === "string") return { ...value, value: `^(?:${text})$` };
  return {
    ...Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => key !== "timeouts")
        .map(([key, item]) => [key, rewritten(item)]),
    ),
    ...(isJsonObject(timeouts) && timeouts["request"] !== undefined
      ? { timeouts: { request: timeouts["request"] } }
      : {}),
    ...(isJsonObject(requestRedirect) ? { requestRedirect: withPort(requestRedirect) } : {}),
  };
}

function withPort(redirect: JsonObject): JsonObject {
  const { scheme, port } = redirect;
  if (scheme === undefined || port !== undefined) return redirect;
  return { ...redirect, port: scheme === "https" ? 443 : 80 };
}
