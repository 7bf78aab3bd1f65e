import { errorAt, type Diagnostic } from "../../../lib";
import type { NormalizedIntent, RequestRule, Retry, Route } from "../../intent/types";

/** The intent with the statuses of its retries as numbers, which is all that the API takes. */
export function withStatusCodes(intent: NormalizedIntent): NormalizedIntent {
  return { ...intent, routes: intent.routes.map(routeWithCodes) };
}

function routeWithCodes(route: Route): Route {
  switch (route.kind) {
    case "http":
      return { ...route, rules: route.rules.map(ruleWithCodes) };
    case "grpc":
      return { ...route, rules: route.rules.map(ruleWithCodes) };
    default:
      return route;
  }
}

function ruleWithCodes<R extends RequestRule>(rule: R): R {
  const { retry } = rule;
  return retry === undefined ? rule : { ...rule, retry: { ...retry, on: codesOf(retry) } };
}

/** What fails on the way is tried again wherever a rule retries at all. */
function codesOf({ on }: Retry): number[] {
  const codes = on.flatMap((o) => {
    if (typeof o === "number") return [o];
    if (o === "gateway-error") return [502, 503, 504];
    return o === "retriable-4xx" ? [409] : [];
  });
  return [...new Set(codes)].sort((a, b) => a - b);
}

/** Conditions that cannot be told as a few statuses. */
export function retryFaults({ routes }: NormalizedIntent): Diagnostic[] {
  const rules = routes.flatMap((r): readonly RequestRule[] =>
    r.kind === "http" || r.kind === "grpc" ? r.rules : [],
  );
  return rules
    .filter(({ retry }) => retry?.on.includes("5xx"))
    .map(({ at }) =>
      errorAt([...at, "retry", "on"], {
        code: "unsupported-retry-condition",
        message: "the Gateway API retries after statuses that are named one by one, not after 5xx",
        hint: "use gateway-error, or the status codes that are meant",
      }),
    );
}
