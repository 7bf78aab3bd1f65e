import { isJsonObject, type Json } from "../../../../lib";
import { lost, number, text, wrong, type Defect } from "./spoil";

const VS = "VirtualService";
const MATCH = [VS, "http", "*", "match", "*"];

/** One for each thing that Istio's own objects say of where requests go. */
export const routeDefects: readonly Defect[] = [
  lost("a header match", "match.header.exact", [...MATCH, "headers", "*"]),
  lost("a regular header match", "match.header.regex", [...MATCH, "headers", "*"]),
  lost("a query match", "match.query.exact", [...MATCH, "queryParams", "*"]),
  lost("a method match", "match.method", [...MATCH, "method"]),
  lost("a cookie match", "match.cookie", [...MATCH, "headers", "cookie"]),
  lost("a path match", "match.path.exact", [...MATCH, "uri"]),
  lost("a rule", "match.path.exact", [VS, "http", "*"]),
  wrong("a prefix by characters", "match.path.prefix", {
    at: [...MATCH, "uri", "prefix"],
    change: text((t) => t.replace(/(.)\/$/, "$1")),
  }),
  wrong("an exact path as a prefix", "match.path.exact", {
    at: [...MATCH, "uri"],
    change: (uri) => (isJsonObject(uri) && typeof uri["exact"] === "string" ? { prefix: uri["exact"] } : uri),
  }),
  wrong("rules the other way round", "match.header.exact", {
    at: [VS, "http"],
    change: (list) => (Array.isArray(list) ? [...(list as Json[])].reverse() : list),
  }),
  lost("a backend", "backend.split", [VS, "http", "*", "route", "*"]),
  wrong("a weight", "backend.split", {
    at: [VS, "http", "*", "route", "*", "weight"],
    change: number((n) => 3 * n + 50),
  }),
  wrong("a version", "backend.version", {
    at: [VS, "http", "*", "route", "*", "destination", "subset"],
    change: text((t) => (t === "v2" ? "v3" : "v2")),
  }),
  lost("a version", "backend.version", [VS, "http", "*", "route", "*", "destination", "subset"]),
  wrong("a version's labels", "backend.version", {
    at: ["DestinationRule", "subsets", "*", "labels", "*"],
    change: text((t) => (t === "v1" ? "v2" : "v1")),
  }),
  lost("a timeout", "timeout.request", [VS, "http", "*", "timeout"]),
  wrong("a timeout", "timeout.request", { at: [VS, "http", "*", "timeout"], change: () => "0.3s" }),
  lost("retries", "retry.statusCodes", [VS, "http", "*", "retries", "retryOn"]),
  wrong("retries", "retry.statusCodes", {
    at: [VS, "http", "*", "retries", "attempts"],
    change: number((n) => (n === 0 ? 0 : n + 1)),
  }),
  wrong("no retries", "match.method", {
    at: [VS, "http", "*", "retries"],
    change: (value) =>
      isJsonObject(value) && value["attempts"] === 0 ? { attempts: 2, retryOn: "5xx" } : value,
  }),
  lost("a try's timeout", "retry.perTryTimeout", [VS, "http", "*", "retries", "perTryTimeout"]),
  lost("a delay", "fault.delay", [VS, "http", "*", "fault", "delay"]),
  wrong("a delay's share", "fault.delay", {
    at: [VS, "http", "*", "fault", "delay", "percentage", "value"],
    change: number((n) => (n > 60 ? 10 : 100)),
  }),
  lost("an abort", "fault.abort", [VS, "http", "*", "fault", "abort"]),
  wrong("an abort's status", "fault.abort", {
    at: [VS, "http", "*", "fault", "abort", "httpStatus"],
    change: number((n) => (n === 503 ? 500 : 503)),
  }),
  wrong("an abort's share", "fault.abort", {
    at: [VS, "http", "*", "fault", "abort", "percentage", "value"],
    change: number((n) => (n > 60 ? 10 : 100)),
  }),
  lost("a mirror", "mirror", [VS, "http", "*", "mirrors", "*"]),
  wrong("a mirror's share", "mirror.percent", {
    at: [VS, "http", "*", "mirrors", "*", "percentage", "value"],
    change: number((n) => (n > 40 ? 5 : 100)),
  }),
  ...(["set", "add", "remove"] as const).flatMap((change) => [
    lost(`a request header (${change})`, "headers.request", [VS, "http", "*", "headers", "request", change]),
    lost(`an answer's header (${change})`, "headers.response", [
      VS,
      "http",
      "*",
      "headers",
      "response",
      change,
    ]),
  ]),
  wrong("a request header added, not set", "headers.request", {
    at: [VS, "http", "*", "headers", "request"],
    change: (value) => (isJsonObject(value) && value["set"] !== undefined ? { add: value["set"] } : value),
  }),
  lost("a rewritten path", "rewrite.path.prefix", [VS, "http", "*", "rewrite", "uri"]),
  wrong("a rewritten path", "rewrite.path.prefix", {
    at: [VS, "http", "*", "rewrite", "uri"],
    change: text((t) => `${t.replace(/\/$/, "")}/x/`),
  }),
  lost("a rewritten host", "rewrite.host", [VS, "http", "*", "rewrite", "authority"]),
  wrong("a redirect's status", "redirect", {
    at: [VS, "http", "*", "redirect", "redirectCode"],
    change: number((n) => (n === 301 ? 308 : 301)),
  }),
  lost("a redirect's host", "redirect", [VS, "http", "*", "redirect", "authority"]),
  lost("a redirect's path", "redirect", [VS, "http", "*", "redirect", "uri"]),
  lost("a redirect's prefix", "redirect.path.prefix", [VS, "http", "*", "redirect", "prefixRewrite"]),
  lost("a redirect's scheme", "redirect", [VS, "http", "*", "redirect", "scheme"]),
  lost("a redirect's port", "redirect", [VS, "http", "*", "redirect", "port"]),
  lost("a whole path", ["rewrite.path.full", "match.path.exact"], [VS, "http", "*", "rewrite", "uri"]),
  lost("a whole path below a prefix", "rewrite.path.full", [VS, "http", "*", "rewrite", "uriRegexRewrite"]),
  wrong("a regular expression that ends early", "match.path.regex", {
    at: [...MATCH, "uri", "regex"],
    change: text((t) => `${t}.*`),
  }),
  wrong("a regular header match that begins late", "match.header.regex", {
    at: [...MATCH, "headers", "*", "regex"],
    change: text((t) => `.*(${t})`),
  }),
  wrong("a header match in small letters", "match.header.exact", {
    at: [...MATCH, "headers", "*", "exact"],
    change: text((t) => t.toUpperCase()),
  }),
  wrong("a method", "match.method", {
    at: [...MATCH, "method", "exact"],
    change: text((t) => (t === "GET" ? "POST" : "GET")),
  }),
  lost("a regular query match", "match.query.regex", [...MATCH, "queryParams", "*"]),
  lost("a gRPC match", "match.grpc", [...MATCH, "uri"]),
  wrong("a gRPC abort's status", "route.grpc", {
    at: [VS, "http", "*", "fault", "abort", "grpcStatus"],
    change: text((t) => (t === "UNAVAILABLE" ? "NOT_FOUND" : "UNAVAILABLE")),
  }),
  wrong("a backend's host", "backend.split", {
    at: [VS, "http", "*", "route", "*", "destination", "host"],
    change: text((t) => (t.startsWith("blog") ? t.replace("blog", "web") : t.replace(/^\w+/, "blog"))),
  }),
  wrong("a mirror's host", "mirror", {
    at: [VS, "http", "*", "mirrors", "*", "destination", "host"],
    change: text((t) => (t.startsWith("blog") ? t.replace("blog", "web") : t.replace(/^\w+/, "blog"))),
  }),
  wrong("a route for callers of the mesh", "match.path.prefix", {
    at: [VS, "gateways", "*"],
    change: text((t) => (t === "mesh" ? "nowhere" : t)),
  }),
  lost("a TLS rule", "route.tls", [VS, "tls", "*"]),
  wrong("a TLS rule's name", "route.tls", {
    at: [VS, "tls", "*", "match", "*", "sniHosts", "*"],
    change: text((t) => t.replace("example", "sample")),
  }),
  wrong("a TLS rule's weight", ["route.tls", "backend.split", "backend.version"], {
    at: [VS, "tls", "*", "route", "*", "weight"],
    change: number((n) => 3 * n + 50),
  }),
  wrong("a TCP rule's weight", ["route.tcp", "backend.split", "backend.version"], {
    at: [VS, "tcp", "*", "route", "*", "weight"],
    change: number((n) => 3 * n + 50),
  }),
  lost("versions", "backend.version", ["DestinationRule", "subsets"]),
  wrong("mutual TLS of callers", "mtls.strict", {
    at: ["DestinationRule", "trafficPolicy", "tls", "mode"],
    change: () => "DISABLE",
  }),
  lost("a listener", "gateway.http", ["Gateway", "servers", "*"]),
  wrong("a listener's hosts", "gateway.http", {
    at: ["Gateway", "servers", "*", "hosts", "*"],
    change: () => "elsewhere.example.org",
  }),
  wrong("a listener's port", "gateway.http", {
    at: ["Gateway", "servers", "*", "port", "number"],
    change: number((n) => n + 1),
  }),
  lost("a listener's certificate", "gateway.https", ["Gateway", "servers", "*", "tls"]),
  wrong("a gateway's pods", "gateway.http", { at: ["Gateway", "selector", "istio"], change: () => "nobody" }),
  wrong("a gateway's host", "gateway.http", {
    at: [VS, "hosts", "*"],
    change: text((t) => (t.includes("svc.cluster") ? t : "elsewhere.example.org")),
  }),
  wrong("a host outside", "egress.external", {
    at: ["ServiceEntry", "hosts", "*"],
    change: text((t) => t.replace("api.", "apis.")),
  }),
  wrong("a port outside", "egress.external", {
    at: ["ServiceEntry", "ports", "*", "number"],
    change: number((n) => n + 1),
  }),
  lost("an external service", "egress.external", ["ServiceEntry"]),
];
