import { present } from "../../../lib";
import type { Backend, Match } from "../../intent/types";
import type { Draft, DraftService } from "../draft";
import type { Field } from "../field";
import type { Item, Manifests } from "../manifests";
import { matchesIn, routeMatches } from "./requests";

const SPLIT = "split.smi-spec.io";

/** Shares of a service's requests. A split with matches is for those requests only. */
export function readTrafficSplits(manifests: Manifests, draft: Draft): void {
  for (const item of manifests.take(SPLIT, "TrafficSplit")) readSplit(item, manifests, draft);
}

function readSplit({ spec, namespace }: Item, manifests: Manifests, draft: Draft): void {
  const root = spec.get("service");
  const place = placeOf(root.text() ?? "", namespace);
  const backends = spec
    .get("backends")
    .items()
    .flatMap((backend) => backendOf(backend, namespace, draft));
  if (place.name === "" || backends.every((backend) => backend.weight === 0)) {
    spec.lose({ message: "a split without a service or a share has no place in an intent" });
    return;
  }
  const service = draft.service(place, root.at);
  const refs = spec.get("matches").items();
  const matches = refs.flatMap((ref) => groupOf(ref, namespace, manifests));
  if (refs.length > 0 && matches.length === 0) {
    spec.lose({ message: "the HTTPRouteGroup that this split is for is not among the manifests" });
    return;
  }
  const everything: Match = {
    path: { kind: "prefix", value: "/" },
    headers: [],
    query: [],
    cookies: [],
    at: spec.at,
  };
  const split = { matches: matches.length > 0 ? matches : [everything], backends, mirrors: [], at: spec.at };
  const rest = { matches: [everything], backends: [itself(service, spec)], mirrors: [], at: spec.at };
  const rules = matches.length > 0 ? [split, rest] : [split];
  draft.routes.push({ kind: "http", for: { kind: "service", service: service.key }, rules, at: spec.at });
}

function itself({ key }: DraftService, { at }: Field): Backend {
  return { service: key, weight: 1, at };
}

function groupOf(ref: Field, namespace: string, manifests: Manifests): Match[] {
  for (const key of ["kind", "apiGroup"]) ref.get(key).text();
  return matchesIn(manifests, { namespace, name: ref.get("name").text() ?? "" }).flatMap(routeMatches);
}

/** Weights were quantities once: `900m` is nine tenths. */
function backendOf(field: Field, namespace: string, draft: Draft): Backend[] {
  const name = field.get("service").text();
  const written = field.get("weight");
  const weight = written.number() ?? quantity(written.text() ?? "");
  if (name === undefined || weight === undefined || weight < 0) return [];
  const { service, version } = draft.backend(placeOf(name, namespace), field.at);
  return [
    {
      service: service.key,
      ...present({ version }),
      weight: Math.min(1_000_000, Math.round(weight)),
      at: field.at,
    },
  ];
}

function quantity(text: string): number | undefined {
  const [, amount, milli] = /^(\d+)(m?)$/.exec(text) ?? [];
  if (amount === undefined) return undefined;
  return milli === "m" ? Number(amount) : Number(amount) * 1000;
}

/** Hosts may be written out: `reviews.bookinfo.svc.cluster.local`. */
function placeOf(host: string, namespace: string): { readonly namespace: string; readonly name: string } {
  const [name = "", own] = host.split(".");
  return { name, namespace: own === undefined || own === "" ? namespace : own };
}
