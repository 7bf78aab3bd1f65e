import type { HttpRoute } from "../../mesh/intent/types";
import { sourceOf } from "../envoy/clusters";
import type { Request } from "../envoy/match";
import { fateOf } from "../envoy/routing";
import { actualShares, formatShares, sameShares, wantedShares, type Shares } from "../expect/fate";
import { probesOf } from "../expect/routing";
import { group, listed } from "../group";
import type { Expected, Finding, Observed } from "../types";
import type { ProxyConfig, Route, VirtualHost } from "../xds/types";

/** One virtual host as one proxy has it, and the routes of the intent that it should carry out. */
export interface RoutedHost {
  /** For messages: `shop/cart:80`. */
  readonly what: string;
  readonly proxy: ProxyConfig;
  readonly host: VirtualHost;
  readonly routes: readonly HttpRoute[];
  /** What happens without any route; undefined where only routes count. */
  readonly unrouted?: Shares;
  /** A plain request for the host. */
  readonly base: Request;
}

export interface Compared {
  readonly requests: number;
  readonly findings: readonly Finding[];
}

/** Sends the intent's probes through both the intent and the proxy's routes, in thought, and compares where they end. */
export function compareRoutes(routed: RoutedHost, observed: Observed, expected: Expected): Compared {
  const { proxy, host, routes, unrouted } = routed;
  const probes = probesOf(routes, routed.base);
  const used = new Set<Route>();
  const wrong = probes.flatMap((request) => {
    const fate = fateOf(host, request);
    if (fate.route !== undefined) used.add(fate.route);
    const wanted = routes.length === 0 && unrouted !== undefined ? unrouted : wantedShares(routes, request);
    const actual = actualShares(fate, proxy, { intent: expected.intent, observed });
    if (sameShares(wanted, actual)) return [];
    const message = `goes ${formatShares(actual)}; the intent says ${formatShares(wanted)}`;
    return [{ where: sourceOf(fate.route?.metadata) ?? routed.what, message, request: describe(request) }];
  });
  const findings = [...group(wrong, (w) => `${w.where} ${w.message}`).values()].map((same): Finding => ({
    where: same[0].where,
    message: `${listed(
      same.map((w) => w.request),
      2,
    )} to ${routed.what} ${same[0].message}`,
  }));
  return { requests: probes.length, findings: [...findings, ...unasked(routed, used)] };
}

/** Routes that no probe has reached serve nothing that the intent speaks of. */
function unasked(routed: RoutedHost, used: ReadonlySet<Route>): Finding[] {
  return (routed.host.routes ?? [])
    .filter((route) => !used.has(route))
    .map((route) => ({
      where: sourceOf(route.metadata) ?? routed.what,
      message: `it has a route for ${routed.what} that the intent does not give: ${JSON.stringify(route.match)}`,
      hint: "delete it, or make it a rule in routes of the intent",
    }));
}

function describe(request: Request): string {
  const extra = [...Object.entries(request.headers), ...Object.entries(request.query)].map(
    ([k, v]) => `${k}=${v}`,
  );
  return [request.method, request.path, ...(extra.length > 0 ? [`with ${extra.join(", ")}`] : [])].join(" ");
}
