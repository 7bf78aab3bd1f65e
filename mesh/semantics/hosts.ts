import { hostWithin } from "../../lib";

/** The host among some, wildcards included, that says most about a name; undefined where none holds for it. */
export function nearestHost(hosts: Iterable<string>, name: string): string | undefined {
  let best: string | undefined;
  for (const host of hosts) {
    if (hostWithin(name.toLowerCase(), host) && (best === undefined || rank(host) > rank(best))) best = host;
  }
  return best;
}

/** Exact before wildcards, the longer of those first. */
function rank(host: string): number {
  return host.startsWith("*") ? host.length : host.length + 1000;
}
