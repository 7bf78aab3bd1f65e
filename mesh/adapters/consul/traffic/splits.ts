import { byText, type JsonObject } from "../../../../lib";
import type { Backend } from "../../../intent/types";
import type { KubeObject } from "../../../plan/types";
import { consulName, entry, splitName } from "../names";
import type { Site } from "../site";

/** Consul weighs to a hundredth of a percent. */
const WHOLE = 10_000;

/** Where a rule's requests go: to one service, or to one that only exists to be split. */
export type Target =
  | { readonly kind: "one"; readonly service: string; readonly subset?: string }
  | { readonly kind: "split"; readonly name: string; readonly splits: readonly JsonObject[] };

/** The backends that get a share, as one target. */
export function targetOf(owner: string, backends: readonly Backend[], site: Site): Target {
  const places = placesOf(backends, site);
  const [only, ...others] = places;
  if (only !== undefined && others.length === 0) {
    const { service, serviceSubset: subset } = only.place;
    return { kind: "one", service, ...(subset === undefined ? {} : { subset }) };
  }
  const shares = percentages(places.map((p) => p.weight));
  const splits = places.map(({ place }, i) => ({ ...place, weight: (shares[i] ?? 0) / 100 }));
  return { kind: "split", name: splitName(owner, JSON.stringify(splits)), splits };
}

/** Where backends with a share lie; Consul takes each place once in a split. */
export function placesOf(backends: readonly Backend[], site: Site): { place: Place; weight: number }[] {
  const weights = new Map<string, { place: Place; weight: number }>();
  for (const backend of backends) {
    if (backend.weight === 0) continue;
    const place = placeOf(backend, site);
    const key = `${place.service}/${place.serviceSubset ?? ""}`;
    weights.set(key, { place, weight: backend.weight + (weights.get(key)?.weight ?? 0) });
  }
  return [...weights.values()];
}

/** A target that can be named like a service, without a subset beside it. */
export function nameable(owner: string, target: Target): Target {
  if (target.kind === "split" || target.subset === undefined) return target;
  const splits = [{ service: target.service, serviceSubset: target.subset, weight: 100 }];
  return { kind: "split", name: splitName(owner, JSON.stringify(splits)), splits };
}

interface Place {
  readonly service: string;
  readonly serviceSubset?: string;
}

function placeOf(backend: Backend, { lookup }: Site): Place {
  const service = lookup.service(backend.service);
  return {
    service: service === undefined ? backend.service : consulName(service),
    ...(backend.version === undefined ? {} : { serviceSubset: backend.version }),
  };
}

/** Weights as hundredths of a percent that sum to the whole: the largest remainders are rounded up, none to nothing. */
export function percentages(weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const exact = weights.map((w) => (w * WHOLE) / sum);
  const parts = exact.map((e) => Math.max(1, Math.floor(e)));
  const byRemainder = exact
    .map((e, i) => ({ i, rest: e - Math.floor(e) }))
    .sort((a, b) => b.rest - a.rest || a.i - b.i);
  let left = WHOLE - parts.reduce((a, b) => a + b, 0);
  for (const { i } of byRemainder) {
    if (left <= 0) break;
    parts[i] = (parts[i] ?? 0) + 1;
    left -= 1;
  }
  // What was rounded up from nothing is taken from the largest.
  if (left < 0) {
    const largest = parts.indexOf(Math.max(...parts));
    parts[largest] = (parts[largest] ?? 0) + left;
  }
  return parts;
}

/** The services that only exist to be split, each once, with the protocol that lets Consul split them. */
export function splitters(
  targets: readonly { readonly target: Target; readonly namespace: string; readonly protocol: string }[],
): { readonly defaults: KubeObject[]; readonly splitters: KubeObject[] } {
  const byName = new Map(
    targets.flatMap((t) =>
      t.target.kind === "split" ? [[t.target.name, { ...t, target: t.target }] as const] : [],
    ),
  );
  const sorted = [...byName.values()].sort((a, b) => byText(a.target.name, b.target.name));
  return {
    defaults: sorted.map(({ target: { name }, namespace, protocol }) =>
      entry("ServiceDefaults", { name, namespace, spec: { protocol } }),
    ),
    splitters: sorted.map(({ target: { name, splits }, namespace }) =>
      entry("ServiceSplitter", { name, namespace, spec: { splits } }),
    ),
  };
}
