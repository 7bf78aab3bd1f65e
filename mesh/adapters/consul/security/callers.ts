import { byText, groupBy } from "../../../../lib";
import type { Access, Caller, NormalizedIntent, Service } from "../../../intent/types";
import { consulName, gatewayName, type Site } from "../names";

/** Every caller that no entry names. */
export const ANYONE = "*";

/**
 * The names by which Consul knows a caller. A service means whoever has its identity, so that services sharing one are
 * all meant; a namespace means the services that the intent has in it, since Consul's identities do not name it.
 */
export function sourcesOf(caller: Caller, { intent, lookup }: Site): string[] {
  switch (caller.kind) {
    case "service": {
      const service = lookup.service(caller.service);
      return service === undefined ? [] : sharers(service, intent).map(consulName);
    }
    case "gateway":
      return [gatewayName(caller.gateway)];
    case "namespace":
      return intent.services.filter((s) => s.namespace === caller.namespace).map(consulName);
    case "principal":
    case "ipBlocks":
      return [];
  }
}

function sharers({ namespace, serviceAccount }: Service, { services }: NormalizedIntent): Service[] {
  return services.filter((s) => s.namespace === namespace && s.serviceAccount === serviceAccount);
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
  const entries = access
    .filter((a) => a.action !== "audit")
    .map((entry) => ({ entry, sources: new Set(entry.from.flatMap((c) => sourcesOf(c, site))) }));
  const named = new Set(entries.flatMap((e) => [...e.sources]));
  return [...[...named].sort(byText), ANYONE].map((source) => {
    const own = entries
      .filter(({ entry, sources }) => entry.from.length === 0 || sources.has(source))
      .map(({ entry }) => entry);
    return {
      source,
      denies: own.filter((e) => e.action === "deny"),
      allows: own.filter((e) => e.action === "allow"),
    };
  });
}

/** The entries of each service. */
export function accessByService({ access }: NormalizedIntent): ReadonlyMap<string, readonly Access[]> {
  return groupBy(access, (a) => a.to.service);
}

/**
 * The services that may call one, for at least some requests. With `anyone` all may but those listed as kept out.
 */
export function mayCall(
  service: Service,
  access: readonly Access[],
  site: Site,
): (caller: Service) => boolean {
  const claims = new Map(claimsOf(access, site).map((c) => [c.source, c]));
  const anyAllow = access.some((a) => a.action === "allow");
  const openByDefault = !anyAllow && site.intent.authorization.default === "allow";
  return (caller) => {
    if (caller.key === service.key) return false;
    const own = claims.get(consulName(caller)) ?? claims.get(ANYONE);
    const shut = own?.denies.some((d) => d.operations.length === 0) ?? false;
    return !shut && (openByDefault || (own?.allows.length ?? 0) > 0);
  };
}
