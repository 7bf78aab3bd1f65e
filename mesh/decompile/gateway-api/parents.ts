import { hostWithin, isHost, present } from "../../../lib";
import type { Backend, Gateway, Listener, Retry, RouteRule, RouteTarget } from "../../intent/types";
import type { Draft } from "../draft";
import type { Field } from "../field";
import type { Item } from "../manifests";
import { wholeOf } from "../values";

export const GROUP = "gateway.networking.k8s.io";

/** A listener by the name that routes call it by. */
export interface NamedListener {
  readonly name: string;
  readonly listener: Listener;
}

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
  readonly gateways: Map<string, { readonly name: string; readonly listeners: readonly NamedListener[] }>;
}

/** Whom a route is for: services, or gateways and the hosts of theirs that it names. */
export function targetsOf({ kind: route, spec, namespace }: Item, context: RouteContext): RouteTarget[] {
  const hostnames = spec
    .get("hostnames")
    .items()
    .flatMap((field) => {
      const host = field.text();
      if (host !== undefined && isHost(host)) return [host];
      field.lose({ message: "this is not a host that an intent can name" });
      return [];
    });
  const targets = spec
    .get("parentRefs")
    .items()
    .flatMap((ref) => {
      const kind = ref.get("kind").text() ?? "Gateway";
      ref.get("group").text();
      const place = {
        namespace: ref.get("namespace").text() ?? namespace,
        name: ref.get("name").text() ?? "",
      };
      if (kind === "Service") return serviceTarget(ref, place, context);
      if (kind === "Gateway") return gatewayTarget(ref, { place, hostnames }, context);
      ref.lose({ message: "a route is for a service or a gateway, in an intent" });
      return [];
    });
  if (route !== "TLSRoute" && targets.length > 0 && targets.every((target) => target.kind === "service")) {
    spec.get("hostnames").lose({ message: "a service answers at its own name, in an intent" });
  }
  return targets;
}

function serviceTarget(
  ref: Field,
  place: { namespace: string; name: string },
  { draft }: RouteContext,
): RouteTarget[] {
  const port = wholeOf(ref.get("port"), 1, 65_535);
  if (place.name === "") return [];
  const { service, version } = draft.backend(place, ref.at);
  if (version !== undefined) {
    ref.lose({ message: `a route for one version of ${service.key} alone has no place in an intent` });
    return [];
  }
  if (port !== undefined) draft.port(service, port, "http");
  return [{ kind: "service", service: service.key, ...present({ port }) }];
}

interface Sought {
  readonly place: { readonly namespace: string; readonly name: string };
  readonly hostnames: readonly string[];
}

function gatewayTarget(ref: Field, { place, hostnames }: Sought, context: RouteContext): RouteTarget[] {
  const known = context.gateways.get(`${place.namespace}/${place.name}`);
  if (known === undefined) {
    const message = `there is no Gateway ${place.namespace}/${place.name} among the manifests`;
    ref.lose({ message, hint: "add it to what is imported" });
    return [];
  }
  const section = ref.get("sectionName").text();
  const port = ref.get("port").number();
  const served = known.listeners
    .filter(({ name }) => section === undefined || name === section)
    .filter(({ listener }) => port === undefined || listener.port === port)
    .flatMap(({ listener }) => listener.hosts);
  const hosts = hostnames.length === 0 ? served : hostnames.flatMap((host) => within(host, served));
  if (hosts.length === 0) {
    ref.lose({ message: `gateway ${known.name} has none of these hosts` });
    return [];
  }
  return [{ kind: "gateway", gateway: known.name, hosts: [...new Set(hosts)].sort() }];
}

/** A host that a gateway serves; of one wider than its hosts, those hosts. */
function within(host: string, served: readonly string[]): string[] {
  if (served.some((outer) => hostWithin(host, outer))) return [host];
  return served.filter((inner) => hostWithin(inner, host));
}

/** `backendRefs` of a rule; what is not a Service is lost. */
export function backendsOf(rule: Field, namespace: string, { draft, dialect }: RouteContext): Backend[] {
  return rule
    .get("backendRefs")
    .items()
    .flatMap((ref): Backend[] => {
      const weight = wholeOf(ref.get("weight"), 0, 1_000_000) ?? 1;
      const several = dialect.backends?.(ref, namespace);
      if (several?.length === 1) return several.map((backend) => ({ ...backend, weight }));
      if (several !== undefined) return several;
      const target = referenceOf(ref, namespace, draft);
      return target === undefined ? [] : [{ ...target, weight, at: ref.at }];
    });
}

export function referenceOf(
  ref: Field,
  namespace: string,
  draft: Draft,
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
  if (port !== undefined) draft.port(service, port, "http");
  return { service: service.key, ...present({ version, port }) };
}
