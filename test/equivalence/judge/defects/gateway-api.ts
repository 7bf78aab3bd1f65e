import { isJsonObject, type Json } from "../../../../lib";
import { lost, number, text, wrong, type Defect } from "./spoil";

const RULE = ["HTTPRoute", "rules", "*"];
const MATCH = [...RULE, "matches", "*"];
const FILTER = [...RULE, "filters", "*"];
const CALL = ["GRPCRoute", "rules", "*"];

const ofType = (from: string, to: string) => text((t) => (t === from ? to : t));

/** One for each thing that the Gateway API's objects say of where requests go. */
export const gatewayApiDefects: readonly Defect[] = [
  lost("a header match", "match.header.exact", [...MATCH, "headers", "*"]),
  lost("a query match", "match.query.exact", [...MATCH, "queryParams", "*"]),
  lost("a method match", "match.method", [...MATCH, "method"]),
  lost("a path match", "match.path.exact", [...MATCH, "path"]),
  lost("one of several matches", "match.path.regex", [...MATCH]),
  wrong("a prefix as an exact path", "match.path.prefix", {
    at: [...MATCH, "path", "type"],
    change: ofType("PathPrefix", "Exact"),
  }),
  wrong("an exact path as a prefix", "match.path.exact", {
    at: [...MATCH, "path", "type"],
    change: ofType("Exact", "PathPrefix"),
  }),
  wrong("a regular expression as a path", "match.path.regex", {
    at: [...MATCH, "path", "type"],
    change: ofType("RegularExpression", "Exact"),
  }),
  wrong("a header's expression as its value", "match.header.regex", {
    at: [...MATCH, "headers", "*", "type"],
    change: ofType("RegularExpression", "Exact"),
  }),
  wrong("a query's expression as its value", "match.query.regex", {
    at: [...MATCH, "queryParams", "*", "type"],
    change: ofType("RegularExpression", "Exact"),
  }),
  wrong("a cookie in any place", "match.cookie", {
    at: [...MATCH, "headers", "*", "value"],
    change: text((t) => (t.includes(";") ? ".*" : t)),
  }),
  lost("a rule", "match.path.exact", RULE),
  lost("a backend", "backend.split", [...RULE, "backendRefs", "*"]),
  wrong("a weight", "backend.split", {
    at: [...RULE, "backendRefs", "*", "weight"],
    change: number((n) => 3 * n + 50),
  }),
  wrong("a version", "backend.version", {
    at: [...RULE, "backendRefs", "*", "name"],
    change: text((t) => t.replace(/-v(\d)$/, (_, n) => `-v${n === "2" ? 1 : 2}`)),
  }),
  wrong("a version's labels", "backend.version", {
    at: ["Service", "selector", "version"],
    change: text((t) => (t === "v1" ? "v2" : "v1")),
  }),
  lost("a version's Service", "backend.version", ["Service"]),
  lost("a timeout", "timeout.request", [...RULE, "timeouts", "request"]),
  wrong("a timeout", "timeout.request", { at: [...RULE, "timeouts", "request"], change: () => "300ms" }),
  lost("a try's timeout", "retry.perTryTimeout", [...RULE, "timeouts", "backendRequest"]),
  lost("retries", "retry.statusCodes", [...RULE, "retry"]),
  wrong("retries", "retry.statusCodes", { at: [...RULE, "retry", "attempts"], change: number((n) => n + 1) }),
  lost("a status to retry on", "retry.statusCodes", [...RULE, "retry", "codes"]),
  ...(["set", "add", "remove"] as const).flatMap((change) => [
    lost(`a request header (${change})`, "headers.request", [...FILTER, "requestHeaderModifier", change]),
    lost(`an answer's header (${change})`, "headers.response", [...FILTER, "responseHeaderModifier", change]),
  ]),
  wrong("a mirror's backend", "mirror", {
    at: [...FILTER, "requestMirror", "backendRef", "name"],
    change: text((t) => (t.startsWith("blog") ? "web" : "blog")),
  }),
  wrong("a mirror's share", "mirror.percent", {
    at: [...FILTER, "requestMirror", "percent"],
    change: number((n) => (n > 40 ? 5 : 100)),
  }),
  lost("a mirror's share", "mirror.percent", [...FILTER, "requestMirror", "percent"]),
  wrong("no filters", "mirror", { at: [...RULE, "filters"], change: (): Json => [] }),
  lost("a rewritten host", "rewrite.host", [...FILTER, "urlRewrite", "hostname"]),
  lost("a rewritten path", "rewrite.path.prefix", [...FILTER, "urlRewrite", "path"]),
  wrong("a prefix as the whole path", "rewrite.path.prefix", {
    at: [...FILTER, "urlRewrite", "path"],
    change: (path) =>
      isJsonObject(path) && path["type"] === "ReplacePrefixMatch"
        ? { type: "ReplaceFullPath", replaceFullPath: path["replacePrefixMatch"] ?? "/" }
        : path,
  }),
  wrong("a redirect's status", "redirect", {
    at: [...FILTER, "requestRedirect", "statusCode"],
    change: number((n) => (n === 301 ? 302 : 301)),
  }),
  lost("a redirect's host", "redirect", [...FILTER, "requestRedirect", "hostname"]),
  lost("a redirect's scheme", "redirect", [...FILTER, "requestRedirect", "scheme"]),
  lost("a redirect's port", "redirect", [...FILTER, "requestRedirect", "port"]),
  lost("a redirect's path", "redirect.path.prefix", [...FILTER, "requestRedirect", "path"]),
  wrong("whom a route is for", "match.path.prefix", {
    at: ["HTTPRoute", "parentRefs", "*", "name"],
    change: text((t) => (t === "cart" ? "web" : "cart")),
  }),
  wrong("a route's hosts", "gateway.http", {
    at: ["HTTPRoute", "hostnames", "*"],
    change: () => "elsewhere.example.org",
  }),
  lost("a route's hosts", "gateway.http", ["HTTPRoute", "hostnames"]),
  lost("a gRPC method", "match.grpc", [...CALL, "matches", "*", "method"]),
  lost("a gRPC rule", "match.grpc", CALL),
  wrong("a TLS route's name", "route.tls", {
    at: ["TLSRoute", "hostnames", "*"],
    change: text((t) => t.replace("example", "sample")),
  }),
  wrong("a TCP route's weight", ["route.tcp", "backend.split", "backend.version"], {
    at: ["TCPRoute", "rules", "*", "backendRefs", "*", "weight"],
    change: number((n) => 3 * n + 50),
  }),
  lost("a grant", "gateway.http", ["ReferenceGrant"]),
  lost("a listener", "gateway.http", ["Gateway", "listeners", "*"]),
  wrong("a listener's host", "gateway.https", {
    at: ["Gateway", "listeners", "*", "hostname"],
    change: () => "elsewhere.example.org",
  }),
  wrong("a listener's port", "gateway.http", {
    at: ["Gateway", "listeners", "*", "port"],
    change: number((n) => n + 1),
  }),
  lost("a listener's certificate", "gateway.https", ["Gateway", "listeners", "*", "tls", "certificateRefs"]),
];
