import type { HeaderChanges, NormalizedIntent, RequestRule, Route } from "../../../../mesh/intent/types";
import type { Call, Destination, Request } from "../../../../mesh/semantics";
import { welcomed } from "./callers";
import { callForBoth, callsNear, grpcCallForBoth, grpcCallsNear } from "./matches";

/** Requests for the matches of all routes, one by one and two by two, by callers that the backends take. */
export function requestsToRoutes(intent: NormalizedIntent): Request[] {
  return intent.routes.flatMap((route) => {
    const calls = [...callsTo(route), ...callsBetween(route, intent)];
    return destinationsOf(route, intent).flatMap(({ to, host }) =>
      calls.map((call) =>
        welcomed({ to, call: call.kind === "connection" ? call : { ...call, ...host } }, intent),
      ),
    );
  });
}

interface Aim {
  readonly to: Destination;
  readonly host: { readonly host?: string };
}

/** Where a route is followed: its service, or each listener that takes its kind, by each of its hosts and by another. */
function destinationsOf({ kind, for: target }: Route, intent: NormalizedIntent): Aim[] {
  if (target.kind === "service") {
    const ports = intent.services.find((s) => s.key === target.service)?.ports ?? [];
    const port = target.port ?? ports[0]?.port;
    return port === undefined ? [] : [{ to: { kind: "service", service: target.service, port }, host: {} }];
  }
  const { gateway, hosts } = target;
  const takes = kind === "http" ? ["http", "https"] : [kind];
  const listeners = intent.gateways
    .filter((g) => g.name === gateway)
    .flatMap((g) => g.listeners.filter((l) => takes.includes(l.protocol)));
  const names = hosts.length === 0 ? ["shop.example.com"] : hosts.map((host) => host.replace("*", "a"));
  return listeners.flatMap(({ port }) =>
    names.map((host): Aim => ({
      to: { kind: "gateway", gateway, port, address: "10.1.2.3" },
      host: { host },
    })),
  );
}

function callsTo(route: Route): Call[] {
  switch (route.kind) {
    case "http":
      return route.rules.flatMap((rule) =>
        rule.matches.flatMap(callsNear).map((call) => changed(call, rule)),
      );
    case "grpc":
      return route.rules.flatMap((rule) =>
        rule.matches.flatMap(grpcCallsNear).map((call) => changed(call, rule)),
      );
    case "tls":
      return route.rules
        .flatMap((rule) => rule.sni.flatMap((name) => [name.replace("*", "a"), name.replace("*", "a.b")]))
        .concat("elsewhere.example.org")
        .map((sni) => ({ kind: "connection", sni }));
    case "tcp":
      return [{ kind: "connection" }];
  }
}

/** Calls that two matches hold for, so that which of them goes first shows. */
function callsBetween(route: Route, intent: NormalizedIntent): Call[] {
  const place = JSON.stringify(route.for);
  const rivals = intent.routes.filter((r) => JSON.stringify(r.for) === place);
  const http = rivals.flatMap((r) => (r.kind === "http" ? r.rules.flatMap((rule) => rule.matches) : []));
  const grpc = rivals.flatMap((r) => (r.kind === "grpc" ? r.rules.flatMap((rule) => rule.matches) : []));
  if (rivals[0] !== route) return [];
  return [
    ...pairsOf(http).flatMap(([a, b]) => callForBoth(a, b)),
    ...pairsOf(grpc).flatMap(([a, b]) => grpcCallForBoth(a, b)),
  ];
}

function pairsOf<T>(all: readonly T[]): [T, T][] {
  return all.flatMap((a, i) => all.slice(i + 1).map((b): [T, T] => [a, b]));
}

/** With the headers that the rule changes, so that there is something to change. */
function changed(call: Call, { headers }: RequestRule): Call {
  if (call.kind === "connection") return call;
  const there = new Set(call.headers.map((h) => h.name));
  const more = namesOf(headers).filter((name) => !there.has(name) && name !== "host");
  return { ...call, headers: [...call.headers, ...more.map((name) => ({ name, value: "before" }))] };
}

function namesOf(changes: HeaderChanges | undefined): string[] {
  if (changes === undefined) return [];
  const { set, add, remove } = changes.request;
  return [...[...set, ...add].map((h) => h.name), ...remove];
}
