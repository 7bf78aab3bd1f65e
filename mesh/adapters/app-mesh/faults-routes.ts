import { errorAt, type Diagnostic, type FieldPath } from "../../../lib";
import { cookieFaults } from "../../gateway-api";
import type { Backend, GrpcMatch, Match, NamedMatch, RequestRule, Route } from "../../intent/types";
import { cookieMatches } from "./matches";
import { listenerProtocol, type ListenerProtocol } from "./protocols";
import { httpEvent } from "./routes";
import type { Site } from "./site";
import { inLowestTerms } from "./weights";

/** App Mesh's bounds. */
const MOST_CONDITIONS = 10;
const MOST_TARGETS = 10;
const GREATEST_WEIGHT = 100;
const LONGEST_NAME = 50;
const LONGEST_VALUE = 255;

/** What App Mesh's routes cannot say, for services and gateways alike. */
export function routeFaults(site: Site): Diagnostic[] {
  return site.intent.routes.flatMap((route) => [
    ...ruleFaults(route),
    ...targetsFaults(route, site),
    ...(route.kind === "http" && route.for.kind === "service" ? rewriteFaults(route) : []),
  ]);
}

function ruleFaults(route: Route): Diagnostic[] {
  switch (route.kind) {
    case "http":
      return route.rules.flatMap((rule) => [...retryFaults(rule), ...rule.matches.flatMap(httpFaults)]);
    case "grpc":
      return route.rules.flatMap((rule) => [...retryFaults(rule), ...rule.matches.flatMap(grpcFaults)]);
    case "tcp":
    case "tls":
      return [];
  }
}

function httpFaults(match: Match): Diagnostic[] {
  const { path, headers, query, cookies, at } = match;
  return [
    ...cookieFaults(match),
    ...(path.value.length >= LONGEST_VALUE
      ? [
          fault(
            [...at, "path"],
            "unsupported-path",
            `App Mesh's paths have at most ${LONGEST_VALUE} characters`,
          ),
        ]
      : []),
    ...conditionFaults(headers, { at, key: "headers", also: cookieMatches(cookies) }),
    ...conditionFaults(query, { at, key: "query", also: [] }),
  ];
}

function grpcFaults({ service, method, headers, at }: GrpcMatch): Diagnostic[] {
  return [
    ...(method !== undefined && service === undefined
      ? [
          fault(
            [...at, "method"],
            "unsupported-method",
            "App Mesh matches a gRPC method only with its service",
          ),
        ]
      : []),
    ...(method !== undefined && method.length > LONGEST_NAME
      ? [
          fault(
            [...at, "method"],
            "unsupported-method",
            `App Mesh's methods have at most ${LONGEST_NAME} characters`,
          ),
        ]
      : []),
    ...conditionFaults(headers, { at, key: "headers", also: [] }),
  ];
}

function conditionFaults(
  conditions: readonly NamedMatch[],
  { at, key, also }: { at: FieldPath; key: string; also: readonly NamedMatch[] },
): Diagnostic[] {
  const all = [...conditions, ...also];
  const tooLong = all.filter((c) => c.name.length > LONGEST_NAME || c.match.value.length > LONGEST_VALUE);
  const host = conditions.filter((c) => key === "headers" && c.name === "host");
  return [
    ...(all.length > MOST_CONDITIONS
      ? [
          fault(
            [...at, key],
            "unsupported-match",
            `App Mesh matches at most ${MOST_CONDITIONS} of them at once`,
          ),
        ]
      : []),
    ...tooLong.map(({ name }) =>
      fault(
        [...at, key, name],
        "unsupported-match",
        `App Mesh's names have at most ${LONGEST_NAME} characters, their values ${LONGEST_VALUE}`,
      ),
    ),
    ...host.map(({ name }) =>
      fault([...at, key, name], "unsupported-header", "App Mesh's routes match no Host header"),
    ),
  ];
}

function retryFaults({ retry, at }: RequestRule): Diagnostic[] {
  const unknown = (retry?.on ?? []).filter((on) => on === "reset");
  const none =
    retry !== undefined && retry.on.every((on) => on !== "connect-failure" && httpEvent(on).length === 0);
  if (unknown.length === 0 && !none) return [];
  const message = "App Mesh has no word for retries on a reset";
  const hint = "use connect-failure, gateway-error, refused-stream, 5xx or retriable-4xx";
  return [errorAt([...at, "retry", "on"], { code: "unsupported-retry", message, hint })];
}

function rewriteFaults(route: Extract<Route, { kind: "http" }>): Diagnostic[] {
  return route.rules
    .filter((rule) => rule.rewrite?.path !== undefined)
    .map((rule) =>
      errorAt([...rule.at, "rewrite"], {
        code: "unsupported-rewrite",
        message: "App Mesh rewrites paths at gateways, not on the way between services",
        hint: "rewrite in a route of a gateway",
      }),
    );
}

/** Targets of a route must speak what the router's listener speaks, and be few, in small shares. */
function targetsFaults(route: Route, site: Site): Diagnostic[] {
  const spoken = route.for.kind === "service" ? spokenBy(route.for, site) : undefined;
  return route.rules.flatMap(({ backends, at }) => [
    ...weightFaults(backends, at),
    ...backends.flatMap((backend) => speechFaults(backend, { spoken, site })),
  ]);
}

function weightFaults(backends: readonly Backend[], at: FieldPath): Diagnostic[] {
  const path = [...at, "backends"];
  const greatest = Math.max(0, ...inLowestTerms(backends.map((b) => b.weight)));
  return [
    ...(backends.length > MOST_TARGETS
      ? [fault(path, "unsupported-backends", `App Mesh's routes have at most ${MOST_TARGETS} targets`)]
      : []),
    ...(greatest > GREATEST_WEIGHT
      ? [fault(path, "unsupported-weights", `App Mesh's weights go from 0 to ${GREATEST_WEIGHT}`)]
      : []),
  ];
}

function speechFaults(
  backend: Backend,
  { spoken, site }: { spoken: ListenerProtocol | undefined; site: Site },
): Diagnostic[] {
  const own = protocolOf(backend, site);
  if (spoken === undefined || own === undefined || own === spoken) return [];
  return [
    errorAt(backend.at, {
      code: "unsupported-protocol-change",
      message: `App Mesh sends ${spoken} on as ${spoken}, and this port of ${backend.service} has the protocol ${own}`,
      hint: "give both ports the same protocol",
    }),
  ];
}

/** The protocol of a routed port. */
function spokenBy(
  { service: key, port: number }: { readonly service: string; readonly port?: number },
  { lookup }: Site,
): ListenerProtocol | undefined {
  const port = lookup.service(key)?.ports.find((p) => p.port === number);
  return port === undefined ? undefined : listenerProtocol(port.protocol);
}

/** The protocol that a backend's port speaks. */
export function protocolOf(backend: Backend, { lookup }: Site): ListenerProtocol | undefined {
  const service = lookup.service(backend.service);
  const port = service?.ports.find((p) => p.port === backend.port) ?? service?.ports[0];
  return port === undefined ? undefined : listenerProtocol(port.protocol);
}

function fault(path: FieldPath, code: string, message: string): Diagnostic {
  return errorAt(path, { code, message });
}
