import { errorAt, formatPath, type Diagnostic } from "../../lib";
import { matchKey } from "../intent/specificity";
import { isHttpRoute, type HttpRoute } from "../intent/types";
import type { Rule } from "./types";

export const routeConflict: Rule = {
  code: "route-conflict",
  title: "No two routes have an equal match for the same service, or the same gateway and host.",
  check({ intent }) {
    const seen = new Map<string, HttpRoute>();
    return intent.routes.filter(isHttpRoute).flatMap((route) =>
      route.rules.flatMap((rule) =>
        rule.matches.flatMap((match): Diagnostic[] => {
          const places = placesOf(route).map((place) => `${place} ${matchKey(match)}`);
          const other = places.map((place) => seen.get(place)).find((r) => r !== undefined && r !== route);
          for (const place of places) if (!seen.has(place)) seen.set(place, route);
          if (other === undefined) return [];
          return [
            errorAt(match.at, {
              code: "route-conflict",
              message: `the route at ${formatPath(other.at)} has an equal match, so which of them holds is open`,
              hint: "make one of the two more specific, or put both rules into one route, where the earlier wins",
            }),
          ];
        }),
      ),
    );
  },
};

function placesOf({ for: target }: HttpRoute): string[] {
  if (target.kind === "service") return [`service ${target.service} ${target.port ?? ""}`];
  return target.hosts.map((host) => `gateway ${target.gateway} ${host}`);
}
