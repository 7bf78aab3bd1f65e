import { groupBy } from "../../lib";
import { contentText } from "../intent/order";
import type { Route } from "../intent/types";

/** Routes of one gateway that say the same for different hosts are one route for all of them. */
export function joinHosts(routes: readonly Route[]): Route[] {
  const same = groupBy(routes, (route) =>
    route.for.kind === "gateway" ? contentText({ ...route, for: { ...route.for, hosts: [] } }) : route,
  );
  return [...same.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const hosts = group.flatMap((route) => (route.for.kind === "gateway" ? route.for.hosts : []));
    if (first.for.kind !== "gateway") return group;
    return [{ ...first, for: { ...first.for, hosts: [...new Set(hosts)].sort() } }];
  });
}
