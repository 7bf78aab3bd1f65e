import { headersWith, matchesWith, routesOf } from "./places";
import type { Definition } from "./types";

const API = "https://gateway-api.sigs.k8s.io";
const HTTP = `${API}/api-types/httproute/`;
const GRPC = `${API}/api-types/grpcroute/`;

/** Which requests and connections a route takes. None can be left out: the rule would take others. */
export const matching = {
  "route.http": {
    title: "HTTP routes",
    definition: "Requests to a service or through a gateway go where rules on their content say.",
    level: "core",
    security: false,
    link: HTTP,
    uses: routesOf("http"),
  },
  "route.grpc": {
    title: "gRPC routes",
    definition: "gRPC calls go where rules on their service, method and metadata say.",
    level: "extended",
    security: false,
    link: GRPC,
    uses: routesOf("grpc"),
  },
  "route.tcp": {
    title: "TCP routes",
    definition: "Connections to a port go to the backends that the route names.",
    level: "extended",
    security: false,
    link: `${API}/guides/tcp/`,
    uses: routesOf("tcp"),
  },
  "route.tls": {
    title: "TLS routes",
    definition: "TLS connections go where the name in their handshake says, unread on the way.",
    level: "extended",
    security: false,
    link: `${API}/guides/tls/`,
    uses: routesOf("tls"),
  },
  "match.path.exact": {
    title: "path, exact",
    definition: "A rule takes requests whose path is the same as the one it names.",
    level: "core",
    security: false,
    link: HTTP,
    uses: matchesWith("path", ({ path }) => path.kind === "exact"),
  },
  "match.path.prefix": {
    title: "path, by prefix",
    definition: "A rule takes requests whose path begins, element by element, with the one it names.",
    level: "core",
    security: false,
    link: HTTP,
    // The prefix `/` is every path, so it asks for nothing.
    uses: matchesWith("path", ({ path }) => path.kind === "prefix" && path.value !== "/"),
  },
  "match.path.regex": {
    title: "path, by regular expression",
    definition: "A rule takes requests whose whole path matches a regular expression in RE2's syntax.",
    level: "extended",
    security: false,
    link: HTTP,
    uses: matchesWith("path", ({ path }) => path.kind === "regex"),
  },
  "match.method": {
    title: "method",
    definition: "A rule takes requests of one HTTP method.",
    level: "extended",
    security: false,
    link: HTTP,
    uses: matchesWith("method", ({ method }) => method !== undefined),
  },
  "match.header.exact": {
    title: "header, exact",
    definition: "A rule takes requests that have a header with the value it names.",
    level: "core",
    security: false,
    link: HTTP,
    uses: headersWith("exact"),
  },
  "match.header.regex": {
    title: "header, by regular expression",
    definition: "A rule takes requests with a header whose whole value matches a regular expression.",
    level: "extended",
    security: false,
    link: HTTP,
    uses: headersWith("regex"),
  },
  "match.query.exact": {
    title: "query parameter, exact",
    definition: "A rule takes requests with a query parameter of the value it names.",
    level: "extended",
    security: false,
    link: HTTP,
    uses: matchesWith("query", ({ query }) => query.some((q) => q.match.kind === "exact")),
  },
  "match.query.regex": {
    title: "query parameter, by regular expression",
    definition:
      "A rule takes requests with a query parameter whose whole value matches a regular expression.",
    level: "extended",
    security: false,
    link: HTTP,
    uses: matchesWith("query", ({ query }) => query.some((q) => q.match.kind === "regex")),
  },
  "match.cookie": {
    title: "cookie",
    definition: "A rule takes requests with a cookie of the value it names or that matches its expression.",
    level: "extended",
    security: false,
    link: "https://datatracker.ietf.org/doc/html/rfc6265#section-4.2",
    uses: matchesWith("cookies", ({ cookies }) => cookies.length > 0),
  },
  "match.grpc": {
    title: "gRPC service and method",
    definition: "A rule takes calls of one gRPC service, one method, or one method of one service.",
    level: "extended",
    security: false,
    link: GRPC,
    uses: ({ routes }) =>
      routes
        .flatMap((route) => (route.kind === "grpc" ? route.rules.flatMap((rule) => rule.matches) : []))
        .filter(({ service, method }) => service !== undefined || method !== undefined)
        .map(({ at, service }) => ({ at: [...at, service === undefined ? "method" : "service"] })),
  },
} as const satisfies { readonly [id: string]: Definition };
