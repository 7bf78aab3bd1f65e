import { byText, groupBy } from "../../../../lib";
import type { Access, Caller, NormalizedIntent, Service } from "../../../intent/types";
import { consulName, gatewayName } from "../names";
import type { Site } from "../site";

/** Every caller that no entry names. */
export const ANYONE = "*";

/**
 * The names by which Consul knows a caller. A service means whoever has its identity, so that services sharing one are
 * all meant; a namespace means the services that the intent has in it, since Consul's identities do not name it.
 */
export function sourcesOf(caller: Caller, { crowds, lookup }: Site): string[] {
  switch (caller.kind) {
    case "service": {
      const service = lookup.service(caller.service);
      return service === undefined ? [] : crowds.sharing(service).map(consulName);
    }
    case "gateway":
      return [gatewayName(caller.gateway)];
    case "namespace":
      return crowds.within(caller.namespace).map(consulName);
    case "principal":
    case "ipBlocks":
      return [];
  }
}

/** What the entries of one service say to one caller, or to anyone else. */
export interface Claims {
  readonly source: string;
  readonly denies: readonly Access[];
  readonly allows: readonly Access[];
}

/**
 * The entries of a service by caller. Consul asks only the entry that names a caller best, so that each caller named
 * anywhere gets everything that holds for it, what holds for anyone included.
 */
export function claimsOf(access: readonly Access[], site: Site): Claims[] {
  const byAnyone: Access[] = [];
  const bySource = new Map<string, Access[]>();
  // In the order of the entries: whoever is named first gets what held for anyone until then, and then its own.
  for (const entry of access) {
    if (entry.action === "audit") continue;
    const everybody = entry.from.length === 0;
    const sources = everybody ? bySource.keys() : new Set(entry.from.flatMap((c) => sourcesOf(c, site)));
    for (const source of sources) {
      const own = bySource.get(source) ?? [...byAnyone];
      bySource.set(source, own);
      own.push(entry);
    }
    if (everybody) byAnyone.push(entry);
  }
  return [...[...bySource].sort(([a], [b]) => byText(a, b)), [ANYONE, byAnyone] as const].map(
    ([source, own]) => ({
      source,
      denies: own.filter((e) => e.action === "deny"),
      allows: own.filter((e) => e.action === "allow"),
    }),
  );
}

/** The entries of each service. */
export function accessByService({ access }: NormalizedIntent): ReadonlyMap<string, readonly Access[]> {
  return groupBy(access, (a) => a.to.service);
}

/** The services that may call one, for at least some requests. */
export function callersOf(service: Service, access: readonly Access[], site: Site): readonly Service[] {
  const claims = claimsOf(access, site);
  const openByDefault =
    site.intent.authorization.default === "allow" && !access.some((a) => a.action === "allow");
  const comesIn = ({ denies, allows }: Claims): boolean =>
    !denies.some((d) => d.operations.length === 0) && (openByDefault || allows.length > 0);
  const named = new Map(claims.map((c) => [c.source, comesIn(c)]));
  // Only where anyone comes in does everybody have to be looked at.
  const anyone = named.get(ANYONE) === true;
  const candidates = anyone ? site.intent.services : claims.flatMap((c) => site.crowds.named(c.source) ?? []);
  return candidates.filter((c) => c.key !== service.key && (named.get(consulName(c)) ?? anyone));
}
