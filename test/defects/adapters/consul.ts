import { defectsIn } from "../defect";

/** In Consul's adapter. */
export const consul = defectsIn("consul", "mesh/adapters/consul", {
  "security/permissions.ts": [
    [
      "what is left is allowed",
      'const rest = open ? "allow" : otherwise;',
      'const rest = "allow";',
      "meaning",
    ],
    [
      "denials of some requests are lost",
      "const partialDenies = denies.filter(holding);",
      "const partialDenies: readonly Access[] = [];",
      "meaning",
    ],
    ["denials come last", "{ action: rest, http: ANY_REQUEST },", "", "meaning"],
    ["denials of everything are lost", "if (shut || nothing)", "if (nothing)", "meaning"],
    [
      "methods of a permission are lost",
      "const asked = methods.length === 0 ? {} : { methods };",
      "const asked = {};",
      "meaning",
    ],
    [
      "prefixes are exact",
      "return { pathPrefix: path.slice(0, -1) };",
      "return { pathExact: path.slice(0, -1) };",
      "meaning",
    ],
    ["suffixes are anywhere", "`.*${escaped(path.slice(1))}`", "`.*${escaped(path.slice(1))}.*`", "unit"],
    [
      "tokens are not asked for",
      "if (jwt === undefined) open.set(key, http);",
      "open.set(key, http); if (jwt === undefined) continue;",
      "meaning",
    ],
    ["claims are forgotten", "...(verifyClaims.length === 0 ? {} : { verifyClaims }),", "", "unit"],
  ],
  "security/callers.ts": [
    [
      "denials are allows",
      'denies: own.filter((e) => e.action === "deny")',
      'denies: own.filter((e) => e.action === "audit")',
      "meaning",
    ],
    [
      "namespaces name nobody",
      "return crowds.within(caller.namespace).map(consulName);",
      "return [];",
      "unit",
    ],
    ["gateways are not let in", "return [gatewayName(caller.gateway)];", "return [];", "cells"],
    ["whoever is named loses what holds for anyone", "?? [...byAnyone]", "?? []", "unit"],
  ],
  "security/intentions.ts": [
    [
      "default deny is lost",
      "sources: [{ action: intent.authorization.default, name: ANYONE }]",
      'sources: [{ action: "allow", name: ANYONE }]',
      "meaning",
    ],
    [
      "allows close nothing",
      'const otherwise = anyAllow ? "deny" : site',
      "const otherwise = site",
      "meaning",
    ],
  ],
  "security/jwt.ts": [
    ["audiences are forgotten", "...(audiences.length === 0 ? {} : { audiences }),", "", "golden"],
    [
      "tokens are always forwarded",
      'valuePrefix: "Bearer ", forward }',
      'valuePrefix: "Bearer ", forward: true }',
      "golden",
    ],
  ],
  "security/external-authorization.ts": [
    ["authorizers fail open", "required: !failOpen,", "required: false,", "cells"],
  ],
  "traffic/paths.ts": [
    [
      "prefixes by characters",
      "{ match: { pathPrefix: `${prefix}/` }, rewrite: `${target}/` }",
      "{ match: { pathPrefix: prefix }, rewrite: `${target}/` }",
      "meaning",
    ],
    ["a prefix without itself", ", below];", "].slice(1).concat(below);", "meaning"],
    [
      "exact paths as prefixes",
      "if (to === undefined) return [{ match: { pathExact: path.value } }];",
      "if (to === undefined) return [{ match: { pathPrefix: path.value } }];",
      "meaning",
    ],
    ["a prefix is cut off", "rewrite: `${target}/` };", "rewrite: `/` };", "meaning"],
    [
      "a gRPC method is forgotten",
      "return { match: { pathExact: `/${service}/${method}` } };",
      "return { match: { pathPrefix: `/${service}/` } };",
      "meaning",
    ],
  ],
  "traffic/match.ts": [
    [
      "header matches are lost",
      '...match.headers.map((h) => named({ ...h, name: h.name === "host" ? ":authority" : h.name })),',
      "",
      "meaning",
    ],
    [
      "cookies are lost",
      "...(cookies.length === 0 ? [] : [{",
      "...(cookies.length >= 0 ? [] : [{",
      "meaning",
    ],
    [
      "query matches are lost",
      '"query" in match ? match.query.map(named) : []',
      "[] as JsonObject[]",
      "meaning",
    ],
    [
      "methods are lost",
      "methods: method === undefined ? [] : [method]",
      "methods: [] as string[]",
      "meaning",
    ],
  ],
  "traffic/router.ts": [
    [
      "rules in the order of writing",
      "routes.flatMap(ofRoute).sort((a, b) => bySpecificity(a.rank, b.rank))",
      "routes.flatMap(ofRoute)",
      "meaning",
    ],
    [
      "rules the other way round",
      "bySpecificity(a.rank, b.rank)",
      "bySpecificity(b.rank, a.rank)",
      "meaning",
    ],
  ],
  "traffic/splits.ts": [
    [
      "versions are lost",
      "...(backend.version === undefined ? {} : { serviceSubset: backend.version }),",
      "",
      "meaning",
    ],
    [
      "weights are even",
      "const exact = weights.map((w) => (w * WHOLE) / sum);",
      "const exact = weights.map(() => WHOLE / weights.length);",
      "meaning",
    ],
    ["backends without a share get one", "if (backend.weight === 0) continue;", "", "unit"],
  ],
  "traffic/resolver.ts": [["one label of several", '.join(" and ")', '.split(" and ")[0]', "unit"]],
  "traffic/destination.ts": [
    [
      "no timeout means Consul's own",
      "timeoutMs === undefined ? NO_TIMEOUT : formatDuration(timeoutMs)",
      'timeoutMs === undefined ? "15s" : formatDuration(timeoutMs)',
      "meaning",
    ],
    ["retries are lost", "...(retry === undefined ? {} : retries(retry)),", "", "meaning"],
    [
      "statuses to retry on are lost",
      "...(codes.length === 0 ? {} : { retryOnStatusCodes: codes }),",
      "",
      "meaning",
    ],
  ],
  "mtls.ts": [["the mesh's mode for everyone", "return own?.mode ?? mode;", "return mode;", "cells"]],
  "egress.ts": [
    [
      "a port outside",
      "destination: { addresses: external.hosts, port }",
      "destination: { addresses: external.hosts, port: 443 + port }",
      "cells",
    ],
  ],
});
