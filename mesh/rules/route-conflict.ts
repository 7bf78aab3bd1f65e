import { errorAt, formatPath, type Diagnostic, type FieldPath } from "../../lib";
import { matchKey } from "../intent/specificity";
import type { Route } from "../intent/types";
import type { Rule } from "./types";

export const routeConflict: Rule = {
  code: "route-conflict",
  title: "No two routes have an equal match for the same service, or the same gateway and host.",
  check({ intent }) {
    const seen = new Map<string, Route>();
    return intent.routes.flatMap((route) =>
      takenBy(route).flatMap(({ what, at }): Diagnostic[] => {
        const places = placesOf(route).map((place) => `${place} ${what}`);
        const other = places.map((place) => seen.get(place)).find((r) => r !== undefined && r !== route);
        for (const place of places) if (!seen.has(place)) seen.set(place, route);
        if (other === undefined) return [];
        return [
          errorAt(at, {
            code: "route-conflict",
            message: `the route at ${formatPath(other.at)} has an equal match, so which of them holds is open`,
            hint: "make one of the two more specific, or put both rules into one route, where the earlier wins",
          }),
        ];
      }),
    );
  },
};

interface Taken {
  /** Equal where two routes take the very same. */
  readonly what: string;
  readonly at: FieldPath;
}

function takenBy(route: Route): Taken[] {
  switch (route.kind) {
    case "http":
      return route.rules.flatMap((rule) => rule.matches.map((m) => ({ what: matchKey(m), at: m.at })));
    case "grpc":
      return route.rules.flatMap((rule) => rule.matches.map((m) => ({ what: matchKey(m), at: m.at })));
    case "tcp":
      return [{ what: "connections", at: route.at }];
    case "tls":
      return route.rules.flatMap((rule) =>
        rule.sni.map((name) => ({ what: `sni ${name}`, at: [...rule.at, "sni"] })),
      );
  }
}

/** Connections are not told apart by host: those of a gateway are one place. */
function placesOf({ kind, for: target }: Route): string[] {
  if (target.kind === "service") return [`service ${target.service} ${target.port ?? ""}`];
  if (kind === "tcp" || kind === "tls") return [`gateway ${target.gateway}`];
  return target.hosts.map((host) => `gateway ${target.gateway} ${host}`);
}
