import { groupBy } from "../../../lib";
import type { MtlsMode } from "../../intent/types";
import type { Draft, DraftService } from "../draft";
import { closeTheRest, type PortState } from "../closing";
import type { Item } from "../manifests";
import { POLICY, type Callers, type Door, type LinkerdContext } from "./model";
import { readPolicies, type Policy } from "./policies";
import { byOperations, grantsOf, type RequestRoute } from "./requests";
import { readServers } from "./servers";

const INBOUND = "config.linkerd.io/default-inbound-policy";

interface DoorPolicies {
  readonly door: Door;
  readonly policies: readonly Callers[];
  readonly routes: readonly RequestRoute[];
}

/** Who may come in where: Servers, their routes, and policies of both. */
export function readDoors(context: LinkerdContext): void {
  const { draft } = context;
  const policies = readPolicies(context);
  const doors = readServers(context).map((door) => policiesOf(door, { policies, context }));
  loseStrays(policies, doors);
  for (const door of doors) addAccess(door, draft);
  const states = portStates(doors, context);
  closeTheRest(draft, states);
  readModes(states, draft);
}

function policiesOf(
  door: Door,
  { policies, context }: { policies: readonly Policy[]; context: LinkerdContext },
): DoorPolicies {
  const key = `${door.item.namespace}/${door.item.name}`;
  const callersFor = (kind: string, name: string): Callers[] =>
    policies.filter((p) => p.target.kind === kind && p.target.key === name).flatMap((p) => p.callers ?? []);
  const routes = context.manifests.take(POLICY, "HTTPRoute").filter((route) => leadsFrom(route, door));
  return {
    door,
    policies: [...callersFor("Server", key), ...callersFor("Namespace", door.item.namespace)],
    routes: routes.map((item) => ({
      item,
      callers: callersFor("HTTPRoute", `${item.namespace}/${item.name}`),
    })),
  };
}

/** Whether a route is one of a Server. */
export function leadsFrom({ spec, namespace }: Item, { item }: Door): boolean {
  return spec
    .get("parentRefs")
    .items()
    .some((ref) => {
      ref.get("group").text();
      const [kind, name, place] = [
        ref.get("kind").text(),
        ref.get("name").text(),
        ref.get("namespace").text() ?? namespace,
      ];
      return kind === "Server" && name === item.name && place === item.namespace;
    });
}

function loseStrays(policies: readonly Policy[], doors: readonly DoorPolicies[]): void {
  const servers = new Set(doors.map(({ door }) => `${door.item.namespace}/${door.item.name}`));
  const routes = new Set(doors.flatMap((d) => d.routes).map(({ item }) => `${item.namespace}/${item.name}`));
  for (const { item, target } of policies) {
    const known =
      target.kind === "Server"
        ? servers.has(target.key)
        : target.kind === "HTTPRoute"
          ? routes.has(target.key)
          : true;
    if (known || target.key.endsWith("/proxy-admin")) continue;
    item.spec.lose({ message: "what this policy is for is not among the manifests", security: true });
  }
}

function addAccess({ door, policies, routes }: DoorPolicies, draft: Draft): void {
  const { places, item } = door;
  const { at } = item.spec;
  for (const { service, port } of places) {
    const to = { service: service.key, ports: service.ports.length === 1 ? [] : [port] };
    for (const { anyone, from } of policies) {
      if (anyone || from.length > 0)
        draft.access.push({ to, action: "allow", from: anyone ? [] : from, operations: [], at });
    }
    if (door.accessPolicy === "audit")
      draft.access.push({ to, action: "audit", from: [], operations: [], at });
  }
  if (routes.length === 0) return;
  const grants = grantsOf(routes);
  if (grants === undefined) {
    const message =
      "which requests these routes let in is not something that an intent can say: none is let in by them";
    for (const route of routes) route.item.spec.lose({ message, security: true });
    return;
  }
  for (const route of routes) acceptRoute(route.item);
  for (const { from, operations } of byOperations(grants)) {
    const whole = operations.some(({ methods, paths }) => methods.length + paths.length === 0);
    for (const { service, port } of places) {
      const to = { service: service.key, ports: service.ports.length === 1 ? [] : [port] };
      draft.access.push({ to, action: "allow", from, operations: whole ? [] : operations, at });
    }
  }
}

function acceptRoute({ spec }: Item): void {
  for (const rule of spec.get("rules").items()) {
    rule.entries();
    rule.get("matches").accept();
  }
}

/** What each port of each service lets in where nothing names it: by its Server, else by its namespace. */
function portStates(doors: readonly DoorPolicies[], { draft, manifests }: LinkerdContext): PortState[] {
  const byPort = groupBy(
    doors.flatMap((d) => d.door.places.map((place) => ({ ...d, place }))),
    ({ place }) => `${place.service.key} ${place.port}`,
  );
  const inbound = new Map(
    manifests
      .take("", "Namespace")
      .map((item) => [item.name, item.annotations.get(INBOUND).text() ?? ""] as const),
  );
  return [...draft.services.values()].flatMap((service) =>
    service.ports.map(({ port }) => {
      const found = byPort.get(`${service.key} ${port}`)?.[0];
      const policy = found?.door.accessPolicy ?? inbound.get(service.namespace) ?? "all-unauthenticated";
      return {
        service,
        port,
        open: !/^deny$/.test(policy),
        mode: modeOf(policy, found),
        at: found?.door.item.spec.at ?? service.at,
      };
    }),
  );
}

/** Strict where everybody who comes in has an identity; undefined where nobody comes in at all. */
function modeOf(policy: string, found: DoorPolicies | undefined): MtlsMode | undefined {
  if (policy !== "deny")
    return /authenticated$/.test(policy) && !/unauthenticated$/.test(policy) ? "strict" : "permissive";
  const all = [...(found?.policies ?? []), ...(found?.routes ?? []).flatMap((r) => r.callers)];
  if (all.length === 0) return undefined;
  return all.every((callers) => callers.authenticated) ? "strict" : "permissive";
}

/** The mode of most, and exceptions for the others: for a service where all its ports agree. */
function readModes(states: readonly PortState[], draft: Draft): void {
  const known = states.filter((state) => state.mode !== undefined);
  const strict = known.filter((state) => state.mode === "strict").length;
  draft.mode =
    strict * 2 >= known.length && known.length > 0 ? "strict" : known.length === 0 ? "strict" : "permissive";
  for (const [service, own] of groupBy(known, (state) => state.service)) addOverrides(service, own, draft);
}

function addOverrides(service: DraftService, own: readonly PortState[], draft: Draft): void {
  const differing = own.filter((state) => state.mode !== draft.mode);
  const [first] = differing;
  if (first?.mode === undefined) return;
  const whole = differing.length === own.length;
  if (whole) draft.overrides.push({ service: service.key, mode: first.mode, at: first.at });
  else
    for (const { port, mode, at } of differing)
      if (mode !== undefined) draft.overrides.push({ service: service.key, port, mode, at });
}
