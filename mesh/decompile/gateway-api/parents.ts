import { isHost, present } from "../../../lib";
import type { Backend, Gateway, Protocol, Retry, RouteRule, RouteTarget } from "../../intent/types";
import type { Draft } from "../draft";
import type { Field } from "../field";
import type { Item } from "../manifests";
import { wholeOf } from "../values";
import { gatewayTargets, type GatewayRef, type KnownGateway } from "./attachment";
import { tellUngranted } from "./grants";

export const GROUP = "gateway.networking.k8s.io";

/** What an implementation reads in its own way. */
export interface Dialect {
  /** An expression without what only this implementation wants around it. */
  regex(this: void, text: string): string;
  /** Retries that a route's annotations ask for. */
  retry(this: void, route: Item): Retry | undefined;
  /** Routes that are something else here. */
  readonly skip?: ReadonlySet<Item>;
  /** Prefixes are of characters. */
  readonly charPrefixes?: true;
  /** What the intent calls a gateway of this name. */
  gatewayName?(this: void, name: string): string;
  /** How a gateway of this class is reached. */
  exposure?(this: void, gateway: Item): Gateway["exposure"] | undefined;
  /** Where a backend leads, if it is not just the Service of its name. */
  backends?(this: void, ref: Field, namespace: string): Backend[] | undefined;
  /** What a filter of the implementation's own does. */
  extension?(this: void, filter: Field, namespace: string): Partial<RouteRule> | undefined;
}

export interface RouteContext {
  readonly draft: Draft;
  readonly dialect: Dialect;
  /** Gateways of the intent and their listeners, by `namespace/name` of their object. */
  readonly gateways: Map<string, KnownGateway>;
  /** ReferenceGrants: what lets routes name services of other namespaces. */
  readonly grants: readonly Item[];
  /** What a port carries that only a route tells of; HTTP where absent. */
  readonly carries?: Protocol;
}

/** Whom a route is for: services, or gateways and the hosts of theirs that it names. */
export function targetsOf(item: Item, context: RouteContext): RouteTarget[] {
  const { spec } = item;
  const hostnames = spec.get("hostnames").items().filter(isNameable);
  const toGateways: GatewayRef[] = [];
  const services = spec
    .get("parentRefs")
    .items()
    .flatMap((ref) => {
      const kind = ref.get("kind").text() ?? "Gateway";
      ref.get("group").text();
      const place = {
        namespace: ref.get("namespace").text() ?? item.namespace,
        name: ref.get("name").text() ?? "",
      };
      if (kind === "Service") return serviceTarget(ref, place, context);
      if (kind === "Gateway") toGateways.push({ ref, key: `${place.namespace}/${place.name}` });
      else ref.lose({ message: "a route is for a service or a gateway, in an intent" });
      return [];
    });
  const gateways = gatewayTargets(toGateways, { item, hostnames, gateways: context.gateways });
  const targets = [...services, ...gateways];
  if (gateways.length > 0) tellUngranted(item, context);
  if (targets.length === 0) {
    const message = `${item.kind} ${item.namespace}/${item.name} is for nothing that is here`;
    for (const key of ["hostnames", "rules"]) spec.get(key).lose({ message });
  } else if (item.kind !== "TLSRoute" && gateways.length === 0) {
    spec.get("hostnames").lose({ message: "a service answers at its own name, in an intent" });
  }
  return targets;
}

function isNameable(field: Field): boolean {
  const host = field.text();
  if (host !== undefined && isHost(host)) return true;
  field.lose({ message: "this is not a host that an intent can name" });
  return false;
}

function serviceTarget(
  ref: Field,
  place: { namespace: string; name: string },
  { draft, carries = "http" }: RouteContext,
): RouteTarget[] {
  const port = wholeOf(ref.get("port"), 1, 65_535);
  if (place.name === "") return [];
  const { service, version } = draft.backend(place, ref.at);
  if (version !== undefined) {
    ref.lose({ message: `a route for one version of ${service.key} alone has no place in an intent` });
    return [];
  }
  if (port !== undefined) draft.port(service, port, carries);
  return [{ kind: "service", service: service.key, ...present({ port }) }];
}

/** `backendRefs` of a rule; what is not a Service is lost. */
export function backendsOf(rule: Field, namespace: string, context: RouteContext): Backend[] {
  return rule
    .get("backendRefs")
    .items()
    .flatMap((ref): Backend[] => {
      const weight = wholeOf(ref.get("weight"), 0, 1_000_000) ?? 1;
      const several = context.dialect.backends?.(ref, namespace);
      if (several?.length === 1) return several.map((backend) => ({ ...backend, weight }));
      if (several !== undefined) return several;
      const target = referenceOf(ref, namespace, context);
      return target === undefined ? [] : [{ ...target, weight, at: ref.at }];
    });
}

export function referenceOf(
  ref: Field,
  namespace: string,
  { draft, carries = "http" }: RouteContext,
): Omit<Backend, "weight" | "at"> | undefined {
  const group = ref.get("group").text() ?? "";
  const kind = ref.get("kind").text() ?? "Service";
  const name = ref.get("name").text();
  if (group !== "" || kind !== "Service" || name === undefined) {
    ref.lose({ message: `a backend is a service, in an intent, not ${JSON.stringify(kind)}` });
    return undefined;
  }
  const { service, version } = draft.backend(
    { namespace: ref.get("namespace").text() ?? namespace, name },
    ref.at,
  );
  const port = wholeOf(ref.get("port"), 1, 65_535);
  if (port !== undefined) draft.port(service, port, carries);
  return { service: service.key, ...present({ version, port }) };
}
