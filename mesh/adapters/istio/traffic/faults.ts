import { errorAt, type Diagnostic, type FieldPath } from "../../../../lib";
import { cookieFaults, entriesOf } from "../../../gateway-api";
import type { GrpcRule, Match, RouteRule } from "../../../intent/types";
import type { Site } from "../site";
import { retryBudgets } from "./destination-rules";

/** Names that Istio reads as parts of the request line when they stand where a header does. */
const NOT_HEADERS = ["uri", "scheme", "method", "authority"];
/** Status codes of the HTTP registry, the only ones by which Istio takes a retry. */
const REGISTERED = /^(40\d|41[0-8]|42[1-68-9]|431|451|50[0-8]|51[01])$/;
/** Envoy fills no bucket more often. */
const LEAST_FILL_MS = 50;

/** What an intent asks of requests that Istio's own objects cannot tell, for just these values. */
export function trafficFaults(site: Site): Diagnostic[] {
  return [...routeFaults(site), ...budgetFaults(site), ...serviceFaults(site)];
}

function routeFaults({ intent }: Site): Diagnostic[] {
  return intent.routes.flatMap((route) => {
    if (route.kind === "tcp" || route.kind === "tls") return [];
    return [...entriesOf([route]).flatMap((e) => matchFaults(e.match)), ...route.rules.flatMap(ruleFaults)];
  });
}

function matchFaults(match: Match): Diagnostic[] {
  const ignored = match.headers.filter((h) => NOT_HEADERS.includes(h.name));
  return [
    ...cookieFaults(match),
    ...ignored.map(({ name }) =>
      fault([...match.at, "headers", name], {
        code: "unsupported-header",
        message: `Istio's routes cannot match a header called ${JSON.stringify(name)}: they ignore it`,
        hint: "match on another header, or on the path or method",
      }),
    ),
  ];
}

function ruleFaults(rule: RouteRule | GrpcRule): Diagnostic[] {
  const { retry, at } = rule;
  const codes = (retry?.on ?? []).filter((on) => typeof on === "number" && !REGISTERED.test(String(on)));
  const redirected = "redirect" in rule && rule.redirect !== undefined;
  return [
    ...codes.map((code) =>
      fault([...at, "retry", "on"], {
        code: "unsupported-retry-status",
        message: `Istio retries by registered status codes only, and ${code} is none`,
        hint: "name another status, or 5xx",
      }),
    ),
    ...(redirected && rule.fault !== undefined
      ? [
          fault([...at, "fault"], {
            code: "unsupported-fault",
            message: "Istio cannot both redirect and inject a fault",
            hint: "leave one of them out",
          }),
        ]
      : []),
  ];
}

/** A budget belongs to a service's DestinationRule, and so to every rule that retries it. */
function budgetFaults({ intent }: Site): Diagnostic[] {
  return [...retryBudgets(intent)].flatMap(([service, budgets]) =>
    budgets.slice(1).map(({ rule }) =>
      fault([...rule.at, "retry"], {
        code: "unsupported-retry-budget",
        message: `the rules that retry ${service} have different budgets, and Istio has one for each service`,
        hint: "give all of them the same budget, or none",
      }),
    ),
  );
}

function serviceFaults({ intent }: Site): Diagnostic[] {
  const clusters = intent.federation?.clusters ?? [];
  return intent.services.flatMap(({ traffic }) => {
    const { locality, rateLimits } = traffic;
    const named = (locality?.failover ?? []).filter(
      (f) => clusters.includes(f.from) || clusters.includes(f.to),
    );
    const at = [...traffic.at, "locality"];
    return [
      ...rateLimits
        .filter((l) => l.perMs < LEAST_FILL_MS)
        .map((l) =>
          fault([...l.at, "per"], {
            code: "unsupported-rate-limit",
            message: `Envoy counts in steps of ${LEAST_FILL_MS}ms at least`,
            hint: `write the same rate per second: ${Math.round((l.requests * 1000) / l.perMs)}`,
          }),
        ),
      ...(named.length === 0
        ? []
        : [
            fault(at, {
              code: "unsupported-locality",
              message: "Istio fails over from region to region, not from cluster to cluster",
              hint: "name the clusters' regions",
            }),
          ]),
      ...(locality?.prefer === "region" && locality.failover.length > 0
        ? [
            fault(at, {
              code: "unsupported-locality",
              message: "Istio cannot both prefer the region alone and name the region to fail over to",
              hint: "use prefer: zone, which prefers the region next",
            }),
          ]
        : []),
    ];
  });
}

function fault(at: FieldPath, finding: { code: string; message: string; hint: string }): Diagnostic {
  return errorAt(at, finding);
}
