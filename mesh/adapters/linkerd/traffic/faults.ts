import { errorAt, type Diagnostic } from "../../../../lib";
import type { RequestRule, Retry, Route } from "../../../intent/types";
import { byTarget, gatewayApiFaults } from "../../../gateway-api";
import type { Site } from "../site";
import { orderFaults } from "./order";

/** What an intent says of routes that Linkerd has the means for, but cannot do for just these values. */
export function trafficFaults({ intent, routes }: Site): Diagnostic[] {
  return [
    ...gatewayApiFaults(routes),
    ...byTarget(routes)
      .filter(({ target }) => target.parent.kind === "Service")
      .flatMap((t) => orderFaults(t.entries)),
    ...intent.routes.flatMap(routeFaults),
    ...intent.services.flatMap(({ traffic, at }) => localityFaults(traffic.locality?.prefer, at)),
  ];
}

function routeFaults(route: Route): Diagnostic[] {
  if (route.kind === "tcp" || route.kind === "tls") return [];
  if (route.for.kind === "gateway") return route.rules.flatMap(gatewayRuleFaults);
  return route.kind === "http"
    ? route.rules.flatMap((rule) => [
        ...retryFaults(rule),
        ...(rule.redirect?.path?.kind === "full" ? [queryLost(rule)] : []),
      ])
    : route.rules.flatMap(retryFaults);
}

function retryFaults({ retry, at }: RequestRule): Diagnostic[] {
  if (retry === undefined) return [];
  return conditionsUnknown(retry).map((condition) =>
    errorAt([...at, "retry", "on"], {
      code: "unsupported-retry-condition",
      message: `Linkerd does not try again after ${condition}`,
      hint: "use 5xx, gateway-error, connect-failure, refused-stream or status codes",
    }),
  );
}

function conditionsUnknown({ on }: Retry): string[] {
  return on.filter((o) => o === "reset").map(String);
}

function queryLost({ at }: RequestRule): Diagnostic {
  return errorAt([...at, "redirect", "path"], {
    code: "unsupported-redirect-path",
    message: "Linkerd's redirects to another path drop the query, which the intent keeps",
    hint: "redirect to another host, scheme or port, and leave the path",
  });
}

/** What carries gateways is not Linkerd, and reads none of its annotations. */
function gatewayRuleFaults({ retry, at }: RequestRule): Diagnostic[] {
  if (retry === undefined) return [];
  return [
    errorAt([...at, "retry"], {
      code: "unsupported-at-gateway",
      message:
        "retries at a gateway are up to the Gateway API implementation that carries it, not to Linkerd",
      hint: "put the retry into a route for the service behind it",
    }),
  ];
}

function localityFaults(prefer: "zone" | "region" | undefined, at: Diagnostic["path"]): Diagnostic[] {
  if (prefer !== "region") return [];
  const message = "Linkerd goes by the zone hints of Kubernetes, which know no regions";
  return [
    errorAt([...at, "traffic", "locality", "prefer"], {
      code: "unsupported-locality",
      message,
      hint: "prefer: zone",
    }),
  ];
}
