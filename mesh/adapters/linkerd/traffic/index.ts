import { canonical, isJsonObject, type Json, type JsonObject } from "../../../../lib";
import { gatewayObject, referenceGrants, routeObjects, versionServices } from "../../../gateway-api";
import type { KubeObject } from "../../../plan/types";
import type { Site } from "../site";

export { routeSite } from "./dialect";
export { trafficFaults } from "./faults";

/** Where requests go: a Service for each version that routes name, routes, and gateways. */
export function trafficObjects(site: Site): KubeObject[] {
  const { intent, routes } = site;
  return [
    ...versionServices(intent),
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

/**
 * Expressions anchored: Linkerd takes the first alternative that matches, and only then asks whether it was the whole.
 * No timeout of a try, which it reads from an annotation alone. And the port of a redirect to another scheme, which it
 * does not take from the scheme.
 */
function asLinkerdReads(object: KubeObject): KubeObject {
  const spec = object["spec"];
  if (!isJsonObject(spec)) return object;
  return { ...object, spec: { ...spec, rules: listOf(spec["rules"]).map(ruleAsRead) } };
}

/** Keys keep their places, since plans print in one order. */
function ruleAsRead(rule: JsonObject): JsonObject {
  if (isReadAsIs(rule)) return rule;
  const { timeouts, ...others } = rule;
  const request = isJsonObject(timeouts) ? timeouts["request"] : undefined;
  const { matches, filters } = others;
  return {
    ...others,
    ...(filters === undefined ? {} : { filters: listOf(filters).map(filterAsRead) }),
    ...(matches === undefined ? {} : { matches: listOf(matches).map(matchAsRead) }),
    ...(request === undefined ? {} : { timeouts: { request } }),
  };
}

function isReadAsIs({ filters, timeouts, matches }: JsonObject): boolean {
  return (
    filters === undefined &&
    timeouts === undefined &&
    listOf(matches).every(
      ({ path, headers, queryParams }) =>
        headers === undefined &&
        queryParams === undefined &&
        (!isJsonObject(path) || path["type"] !== "RegularExpression"),
    )
  );
}

function matchAsRead(match: JsonObject): JsonObject {
  const { path, headers, queryParams } = match;
  return {
    ...match,
    ...(isJsonObject(path) ? { path: anchored(path) } : {}),
    ...(headers === undefined ? {} : { headers: listOf(headers).map(anchored) }),
    ...(queryParams === undefined ? {} : { queryParams: listOf(queryParams).map(anchored) }),
  };
}

function anchored(match: JsonObject): JsonObject {
  const { type, value } = match;
  return type === "RegularExpression" && typeof value === "string"
    ? { ...match, value: `^(?:${value})$` }
    : match;
}

function filterAsRead(filter: JsonObject): JsonObject {
  const { requestRedirect: redirect } = filter;
  if (!isJsonObject(redirect)) return filter;
  const { scheme, port } = redirect;
  if (scheme === undefined || port !== undefined) return filter;
  return { ...filter, requestRedirect: canonical({ ...redirect, port: scheme === "https" ? 443 : 80 }) };
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((item: Json) => isJsonObject(item)) : [];
}
