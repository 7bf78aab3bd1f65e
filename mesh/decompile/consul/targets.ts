import { present } from "../../../lib";
import type { Backend } from "../../intent/types";
import type { Field } from "../field";
import { serviceNamed, type Consul } from "./model";

/** Whom a route, a split or a redirect names. */
export interface Place {
  readonly name: string;
  readonly subset: string | undefined;
  readonly namespace: string;
  readonly field: Field;
}

/** Splits may lead to splits; not for ever. */
const DEEPEST = 8;

/** Where requests for a place end: through its splitter, and its resolver's redirect or default. */
export function backendsOf(place: Place, consul: Consul, depth = 0): Backend[] {
  const splitter = place.subset === undefined ? consul.splitters.get(place.name) : undefined;
  if (splitter === undefined || depth > DEEPEST) return [resolved(place, consul, depth)];
  const splits = splitter.spec.get("splits").items();
  return splits.flatMap((split): Backend[] => {
    const name = split.get("service").text() ?? place.name;
    const subset = split.get("serviceSubset").text();
    const weight = Math.round((split.get("weight").number() ?? 0) * 100);
    for (const key of ["requestHeaders", "responseHeaders"]) {
      split
        .get(key)
        .lose({ message: "what is done to requests is the rule's, not a backend's, in an intent" });
    }
    const target = { name, subset, namespace: place.namespace, field: split };
    // A share of the service itself is not split again.
    const ends =
      name === place.name ? [resolved(target, consul, depth)] : backendsOf(target, consul, depth + 1);
    const total = ends.reduce((sum, end) => sum + end.weight, 0);
    return ends.map((end) => ({
      ...end,
      weight: ends.length === 1 ? weight : Math.round((weight * end.weight) / Math.max(1, total)),
    }));
  });
}

function resolved(place: Place, consul: Consul, depth: number): Backend {
  const { name, subset, namespace, field } = place;
  const resolver = consul.resolvers.get(name);
  const redirect = resolver?.spec.get("redirect");
  const other = redirect?.get("service").text();
  if (subset === undefined && other !== undefined && depth <= DEEPEST) {
    const next = { name: other, subset: redirect?.get("serviceSubset").text(), namespace, field };
    return resolved(next, consul, depth + 1);
  }
  const service = serviceNamed(name, { namespace, field }, consul);
  const version = subset ?? resolver?.spec.get("defaultSubset").text();
  return { service: service.key, ...present({ version }), weight: 1, at: field.at };
}
