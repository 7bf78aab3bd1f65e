import { defectsIn } from "../defect";

/** In Linkerd's adapter, and in what it shares with others. */
export const linkerd = defectsIn("linkerd", "mesh/adapters/linkerd", {
  "security/callers.ts": [
    [
      "a service without callers is open to all",
      "anyone: allows.some((a) => a.from.length === 0)",
      "anyone: true",
      "meaning",
    ],
    [
      "networks are forgotten",
      "if (networks.length === 0) return byIdentity;",
      "return byIdentity;",
      "meaning",
    ],
    ["identities are forgotten beside networks", "    ...byIdentity,\n", "", "unit"],
    ["a namespace lets everybody in", "anyIdentityOf(caller.namespace, trustDomain)", '"*"', "meaning"],
    [
      "strict services take networks without identity",
      "...(strict ? [identityRef(fromNetworks)] : [])",
      "",
      "meaning",
    ],
    [
      "strict services take anyone",
      'return strict ? identityPolicy(target, [{ name: "*" }]) : [',
      "return [",
      "meaning",
    ],
    [
      "only the first identity comes in",
      "const names = identities.map((i) => i.name);",
      "const names = identities.slice(0, 1).map((i) => i.name);",
      "meaning",
    ],
  ],
  "security/servers.ts": [
    [
      "default deny is lost",
      'allows.length > 0 || intent.authorization.default === "deny"',
      "allows.length > 0",
      "meaning",
    ],
    [
      "allows close nothing",
      'allows.length > 0 || intent.authorization.default === "deny"',
      'intent.authorization.default === "deny"',
      "meaning",
    ],
    ["strict ports take plaintext", 'if (mode === "strict") return "all-authenticated";', "", "meaning"],
    ["ports of an access are forgotten", "allows: allows.filter(here)", "allows", "golden"],
    ["the Service's port for the pods'", "targetPort: port.targetPort,", "targetPort: port.port,", "meaning"],
    [
      "allows of some requests are for whole connections",
      "allows.filter((a) => a.operations.length === 0)",
      "allows",
      "meaning",
    ],
    [
      "allows of requests are lost",
      "allows.filter((a) => a.operations.length > 0) : []",
      "[] : []",
      "meaning",
    ],
    ["an audit is lost", 'audited ? "audit" : "all-unauthenticated"', '"all-unauthenticated"', "cells"],
  ],
  "security/requests.ts": [
    [
      "methods of an operation are forgotten",
      ".filter((o) => o.methods.length === 0 || (method !== undefined && o.methods.includes(method)))",
      "",
      "meaning",
    ],
    ["paths of an operation are forgotten", '(o.paths.length === 0 ? ["*"] : o.paths)', '["*"]', "meaning"],
    [
      "expressions that are but one text, by their beginning",
      '{ type: "Exact", value: regex.slice(1, -1)',
      '{ type: "PathPrefix", value: regex.slice(1, -1)',
      "unit",
    ],
  ],
  "security/paths.ts": [
    ["prefixes are exact", "(open ? at.through : at.exact).add(grant);", "at.exact.add(grant);", "meaning"],
    ["expressions are not anchored", "`^${regex}$`", "`^${regex}`", "meaning"],
  ],
  "traffic/index.ts": [
    ["expressions of routes are not anchored", "value: `^(?:${value})$`", "value: `^${value}$`", "unit"],
    ["timeouts are lost", "...(request === undefined ? {} : { timeouts: { request } }),", "", "meaning"],
    ["a redirect keeps its port", 'scheme === "https" ? 443 : 80', "80", "unit"],
  ],
  "traffic/dialect.ts": [
    ["retries are counted one short", "String(retries)", "String(retries - 1)", "meaning"],
    [
      "statuses to retry on are lost",
      "const statuses = statusesOf(retry);",
      "const statuses: string[] = [];",
      "unit",
    ],
    [
      "a try's timeout is lost",
      "...(perTryTimeoutMs === undefined",
      "...(perTryTimeoutMs !== undefined || perTryTimeoutMs === undefined",
      "meaning",
    ],
  ],
  "traffic/order.ts": [
    [
      "an order that Linkerd turns round is let pass",
      "return order < 0 || (order === 0 && apart(first, later, count));",
      "return false;",
      "meaning",
    ],
  ],
  "egress.ts": [
    ["egress is open", 'egress.default === "deny" ? "Deny" : "Allow"', '"Allow"', "cells"],
    ["a host outside is lost", 'hosts.includes("*") ? {} : { hostnames: hosts }', "{}", "cells"],
  ],
  "rate-limits.ts": [
    [
      "limits of each caller are limits of all",
      'limit("identity", ofKind(service.traffic.rateLimits, "source"))',
      'limit("total", ofKind(service.traffic.rateLimits, "source"))',
      "cells",
    ],
  ],
});
