import { none, standard } from "../../../capability/support";
import type { CapabilityTable } from "../../../capability/types";
import { docs } from "./docs";

const rule = (field: string, note?: string) =>
  standard(`HTTPRoute.spec.rules[].${field}`, docs.httpRoute, note);
const match = (field: string, note?: string) => rule(`matches[].${field}`, note);
const annotation = (name: string, note?: string) =>
  standard(`HTTPRoute annotation ${name}`, docs.retries, note);
const noFault = none(
  "Linkerd injects no faults",
  docs.faultInjection,
  "backend.split with a share for a service that answers so",
);
const noMirror = none(
  "Linkerd refuses a whole route that has a RequestMirror filter",
  docs.filters,
  "mirroring in the workload",
);
const noRewrite = none(
  "Linkerd refuses a whole route that has a URLRewrite filter",
  docs.filters,
  "redirect, or a workload that serves both paths",
);

/** What routes for callers within the mesh say of single requests. Connections are in platform.ts. */
export const requestRouting = {
  "route.http": standard("HTTPRoute, parentRef Service", docs.httpRoute),
  "route.grpc": standard("GRPCRoute, parentRef Service", docs.grpcRoute),
  "match.path.exact": match("path Exact"),
  "match.path.prefix": match("path PathPrefix"),
  "match.path.regex": match(
    "path RegularExpression",
    "an expression counts as much as an exact path: where both hold, the method, headers and parameters decide",
  ),
  "match.method": match("method"),
  "match.header.exact": match("headers[] Exact"),
  "match.header.regex": match("headers[] RegularExpression"),
  "match.query.exact": match("queryParams[] Exact"),
  "match.query.regex": match("queryParams[] RegularExpression"),
  "match.cookie": match("headers[] cookie", "at most three cookies in one match"),
  "match.grpc": standard("GRPCRoute.spec.rules[].matches[].method", docs.grpcRoute),
  "backend.split": rule("backendRefs[].weight"),
  "backend.version": rule("backendRefs[]", "a Service for each version"),
  "timeout.request": standard("HTTPRoute.spec.rules[].timeouts.request", docs.timeouts),
  retry: annotation("retry.linkerd.io/limit", "requests with a body of more than 64 KiB are not tried again"),
  "retry.statusCodes": annotation("retry.linkerd.io/http"),
  "retry.perTryTimeout": annotation(
    "retry.linkerd.io/timeout",
    "the last try is bound by the request's timeout alone",
  ),
  "retry.backoff": none("Linkerd tries again at once", docs.retries, "retry without backoff"),
  "retry.budget": none(
    "only ServiceProfiles have a budget, and one would put all routes of its service out of force",
    docs.serviceProfiles,
    "few retries, and traffic.outlierDetection",
  ),
  "fault.delay": noFault,
  "fault.abort": noFault,
  mirror: noMirror,
  "mirror.percent": noMirror,
  "mirror.several": noMirror,
  "headers.request": rule("filters[] RequestHeaderModifier"),
  "headers.response": rule("filters[] ResponseHeaderModifier"),
  "rewrite.host": noRewrite,
  "rewrite.path.prefix": noRewrite,
  "rewrite.path.full": noRewrite,
  redirect: rule(
    "filters[] RequestRedirect",
    "to another scheme, host or port; a new path would drop the query",
  ),
  "redirect.path.prefix": none(
    "Linkerd's controller takes only prefixes that begin with a slash, and its proxies only those that do not",
    docs.redirect,
    "redirect to another host, and leave the path",
  ),
} as const satisfies Partial<CapabilityTable>;
