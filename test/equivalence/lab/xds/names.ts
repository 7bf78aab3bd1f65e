import type { Packed } from "./services";
import { fieldsOf, inside, number, text } from "./wire";

const EDS = 3;

/** Clusters of type EDS: the name of each, or the name that it gives its endpoints. */
export function endpointNames(clusters: readonly Packed[]): string[] {
  const named = clusters
    .filter(({ value }) => number(value, 2) === EDS)
    .map(({ value }) => text(inside(value, 3) ?? Buffer.alloc(0), 2) || text(value, 1));
  return [...new Set(named)].sort();
}

const HTTP_MANAGER = /HttpConnectionManager$/;

/** Listener.filter_chains or .default_filter_chain → filters → typed_config → rds.route_config_name. */
export function routeNames(listeners: readonly Packed[]): string[] {
  const names = listeners.flatMap(({ value }) =>
    fieldsOf(value)
      .filter((f) => f.no === 3 || f.no === 25)
      .flatMap((chain) => fieldsOf(chain.value).filter((f) => f.no === 3))
      .flatMap((filter) => {
        const any = inside(filter.value, 4);
        if (any === undefined || !HTTP_MANAGER.test(text(any, 1))) return [];
        const rds = inside(inside(any, 2) ?? Buffer.alloc(0), 3);
        return rds === undefined ? [] : [text(rds, 2)];
      }),
  );
  return [...new Set(names)].filter((name) => name !== "").sort();
}
