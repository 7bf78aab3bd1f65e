import { defectsIn } from "../defect";

/** In what all that speak the Gateway API share, and in the plain adapter. */
export const gatewayApi = [
  ...defectsIn("gateway-api", "mesh/gateway-api", {
    "matches.ts": [
      ["prefixes as exact paths", 'prefix: "PathPrefix"', 'prefix: "Exact"', "cells"],
      ["header matches are lost", "...(all.length === 0 ? {} : { headers: all.map(named) }),", "", "cells"],
      ["methods are lost", "...(method === undefined ? {} : { method }),\n    path:", "path:", "cells"],
      [
        "query matches are lost",
        "...(query.length === 0 ? {} : { queryParams: query.map(named) }),",
        "",
        "cells",
      ],
      [
        "gRPC methods are lost",
        "...(method === undefined ? {} : { method }),\n  };\n  return {",
        "};\n  return {",
        "cells",
      ],
    ],
    "rules.ts": [
      ["weights are lost", "{ weight: backend.weight }", "{ weight: 1 }", "cells"],
      [
        "retries are lost",
        "rule.retry === undefined || !dialect.retry ? {}",
        "rule.retry === undefined || dialect.retry ? {}",
        "cells",
      ],
      ["timeouts are lost", "...timeouts(rule),", "", "cells"],
      [
        "mirrors are lost",
        "[...headerFilters(headers), ...mirrors.map((mirror) => mirrorFilter(mirror, site))]",
        "headerFilters(headers)",
        "cells",
      ],
    ],
    "filters.ts": [
      [
        "answers' headers are requests'",
        'type: "ResponseHeaderModifier", responseHeaderModifier: response',
        'type: "RequestHeaderModifier", requestHeaderModifier: response',
        "cells",
      ],
      ["a mirror's share is lost", "...share } };", "} };", "cells"],
      ["a redirect's status", "statusCode: status,", "statusCode: 302,", "golden"],
    ],
    "grants.ts": [
      [
        "grants are of everything",
        'to: names.map((name) => ({ group: "", kind: "Service", name }))',
        'to: [{ group: "", kind: "Service" }]',
        "unit",
      ],
    ],
    "order-faults.ts": [
      [
        "an order that is turned round is let pass",
        "later.rule !== entry.rule && isBefore(later, entry)",
        "later.rule !== entry.rule && isBefore(entry, later)",
        "unit",
      ],
    ],
    "routes.ts": [
      [
        "several names of one TLS route",
        'target.parent.kind === "Service" ? oneByOne(rule) : [rule]',
        "[rule]",
        "unit",
      ],
    ],
  }),
  ...defectsIn("gateway-api", "mesh/adapters/gateway-api", {
    "retries.ts": [["gateway errors are one status", "return [502, 503, 504];", "return [503];", "unit"]],
  }),
];
