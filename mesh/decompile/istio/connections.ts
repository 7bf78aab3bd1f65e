import { isHost, present, type FieldPath } from "../../../lib";
import type { Backend, Route, RouteTarget } from "../../intent/types";
import type { Field } from "../field";
import { backendOf, type Surroundings } from "./http-action";

/** Where connections go, before it is known for which service or gateway. */
export interface ConnectionEntry {
  readonly port?: number;
  readonly gateways?: readonly string[];
  readonly at: FieldPath;
  readonly route: (target: RouteTarget) => Route;
}

/** Routes by the name that a TLS handshake asks for. */
export function tlsEntries(field: Field, around: Surroundings): ConnectionEntry[] {
  return field.items().flatMap((entry) => {
    const backends = backendsOf(entry, { ...around, carries: "tls" });
    return entry
      .get("match")
      .items()
      .flatMap((match): ConnectionEntry[] => {
        const sni = match.get("sniHosts").texts().filter(isHost);
        const where = placeOf(match);
        if (where === undefined || sni.length === 0 || backends.length === 0) return [];
        const rules = [{ sni, backends, at: match.at }];
        return [
          { ...where, at: match.at, route: (target) => ({ kind: "tls", for: target, rules, at: entry.at }) },
        ];
      });
  });
}

/** Routes of whole connections: of those that hold for one port, the first. */
export function tcpEntries(field: Field, around: Surroundings): ConnectionEntry[] {
  return field.items().flatMap((entry) => {
    const backends = backendsOf(entry, { ...around, carries: "tcp" });
    const matches = entry.get("match").items();
    const places = matches.length === 0 ? [{}] : matches.flatMap((match) => placeOf(match) ?? []);
    if (backends.length === 0) return [];
    const rules = [{ backends, at: entry.at }];
    return places.map((where) => ({
      ...where,
      at: entry.at,
      route: (target) => ({ kind: "tcp", for: target, rules, at: entry.at }),
    }));
  });
}

function backendsOf(entry: Field, around: Surroundings): Backend[] {
  return entry
    .get("route")
    .items()
    .flatMap((route) => backendOf(route, around));
}

/** Undefined where the match has a condition that an intent cannot say. */
function placeOf(match: Field): Pick<ConnectionEntry, "port" | "gateways"> | undefined {
  const port = match.get("port").number();
  const gateways = match.get("gateways").texts();
  match.get("sniHosts").texts();
  const [unread] = match.unread();
  if (unread !== undefined) {
    match.lose({
      message: `this match has a condition that an intent cannot say (${String(unread.at.at(-1))}): it is left out`,
    });
    return undefined;
  }
  return { ...present({ port }), ...(gateways.length === 0 ? {} : { gateways }) };
}
