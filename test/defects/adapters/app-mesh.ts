import { defectsIn } from "../defect";

/** In App Mesh's adapter. */
export const appMesh = defectsIn("app-mesh", "mesh/adapters/app-mesh", {
  "matches.ts": [
    [
      "prefixes by characters",
      "return [{ path: { exact: value } }, { prefix: `${value}/` }];",
      "return [{ prefix: value }];",
      "meaning",
    ],
    [
      "a prefix without itself",
      "return [{ path: { exact: value } }, { prefix: `${value}/` }];",
      "return [{ prefix: `${value}/` }];",
      "meaning",
    ],
    ["methods are lost", "...(method === undefined ? {} : { method }),\n    ...(all", "...(all", "meaning"],
    [
      "query matches are lost",
      "...(query.length === 0 ? {} : { queryParameters: query.map(named) }),",
      "",
      "meaning",
    ],
    [
      "cookies are lost",
      "const all = [...headers, ...cookieMatches(cookies)];",
      "const all = [...headers];",
      "meaning",
    ],
    [
      "header matches are lost",
      "const all = [...headers, ...cookieMatches(cookies)];",
      "const all = cookieMatches(cookies);",
      "meaning",
    ],
    ["gRPC methods are lost", "...(method === undefined ? {} : { methodName: method }),", "", "meaning"],
  ],
  "routes.ts": [
    [
      "rules the other way round",
      "return bySpecificity(a.rank, b.rank);",
      "return bySpecificity(b.rank, a.rank);",
      "meaning",
    ],
    ["retries are lost", "maxRetries: retry.retries,", "maxRetries: 0,", "meaning"],
    [
      "App Mesh's own retries",
      "const NO_RETRY: Retry = { retries: 0,",
      "const NO_RETRY: Retry = { retries: 2,",
      "meaning",
    ],
    [
      "timeouts are lost",
      "timeout: { perRequest: duration(timeoutMs) }",
      "timeout: { perRequest: duration(0) }",
      "meaning",
    ],
    ["conditions of retries are lost", 'return ["gateway-error"];', "return [];", "golden"],
    ["weights are even", "once.map(({ weight }) => weight)", "once.map(() => 1)", "meaning"],
    ["versions are lost", "nodePlace(service, backend.version)", "nodePlace(service)", "meaning"],
    [
      "a target's port is the Service's",
      "port: port.targetPort }, weight: backend.weight }",
      "port: port.port }, weight: backend.weight }",
      "golden",
    ],
  ],
  "gateway-routes.ts": [
    ["hosts are lost", "...hostname(host), ...match }", "...match }", "meaning"],
    ["hosts are of no rank", "bySpecificity(hostRank(a.host), hostRank(b.host)) || ", "", "meaning"],
    ["a prefix is cut off", 'rewrite: "prefix" in match ? KEEP_PREFIX : {} }', "rewrite: {} }", "meaning"],
    [
      "a rewritten prefix is lost",
      "prefix: { value } } : whole",
      'prefix: { value: "/" } } : whole',
      "meaning",
    ],
  ],
  "tls.ts": [
    [
      "strict services are permissive",
      "mode: mtlsMode(service, port, intent).mode.toUpperCase()",
      'mode: "PERMISSIVE"',
      "unit",
    ],
    [
      "callers' certificates are not checked",
      "{ validation: { trust: trust(options.tls, { intent, spelling }) } }",
      "{}",
      "unit",
    ],
    [
      "callers check nobody's name",
      "{ subjectAlternativeNames: { match: spelling.subjects([spiffeId(service, intent)]) } }",
      "{}",
      "golden",
    ],
    ["callers need no TLS", "enforce: strict,", "enforce: false,", "unit"],
  ],
  "egress.ts": [
    [
      "a host outside is another",
      "serviceDiscovery: { dns: { hostname: host } }",
      "serviceDiscovery: { dns: { hostname: `www.${host}` } }",
      "cells",
    ],
  ],
});
