import { groupBy, hostWithin, shortHash, type JsonObject } from "../../../lib";
import { contentText } from "../../intent/order";
import { bySpecificity, grpcSpecificity, specificity, type Specificity } from "../../intent/specificity";
import type { Gateway, Listener, PathChange, PathMatch } from "../../intent/types";
import { gatewayProtocol, gatewayRules, podPort, rulePlace, type GatewayRule } from "./gateways";
import { escaped } from "../../gateway-api";
import { conditions, grpcMatch, pathMatches } from "./matches";
import type { GatewayModel, Spelling } from "./model";
import { routeKey } from "./protocols";
import type { Site } from "./site";

interface Input {
  readonly site: Site;
  readonly spelling: Spelling;
}

interface Entry {
  readonly host: string;
  readonly rank: Specificity;
  readonly key: string;
  readonly match: JsonObject;
  readonly action: JsonObject;
}

/** A gateway's routes: requests are told apart by host first, then by the most specific match. */
export function gatewayRoutes(gateway: Gateway, input: Input): GatewayModel["routes"] {
  const entries = gatewayRules(gateway, input.site).flatMap((rule) => entriesOf(gateway, rule, input));
  const ordered = entries.sort(
    (a, b) => bySpecificity(hostRank(a.host), hostRank(b.host)) || bySpecificity(a.rank, b.rank),
  );
  // Of equal matches the first takes all.
  const once = [...groupBy(ordered, (e) => contentText(e.match)).values()].flatMap((same) =>
    same.slice(0, 1),
  );
  return once.map(({ key, match, action }) => ({
    name: `${gateway.name}-${shortHash(contentText(match))}`,
    spec: { [key]: { match, action } },
  }));
}

function hostRank(host: string): Specificity {
  return [host === "*" ? 0 : host.startsWith("*.") ? 1 : 2, host.length];
}

function entriesOf(gateway: Gateway, rule: GatewayRule, { site, spelling }: Input): Entry[] {
  const service = spelling.service(rulePlace(gateway, { rule: rule.rule, site }));
  const target = { virtualService: service };
  const forms = rule.kind === "http" ? httpForms(rule) : grpcForms(rule, spelling);
  return listeningPlaces(gateway, rule).flatMap(({ listener, host }) =>
    forms.map(({ match, rewrite, rank }) => ({
      host,
      rank,
      key: routeKey(gatewayProtocol(listener)),
      match: { port: podPort(listener.port), ...hostname(host), ...match },
      action: { target, rewrite },
    })),
  );
}

interface Form {
  readonly match: JsonObject;
  readonly rewrite: JsonObject;
  readonly rank: Specificity;
}

/** App Mesh gives requests the name of the virtual service that it sends them to, unless told not to. */
const KEEP_HOST: JsonObject = { hostname: { defaultTargetHostname: "DISABLED" } };
/** It also takes the matched prefix off their path. */
const KEEP_PREFIX: JsonObject = { prefix: { defaultPrefix: "DISABLED" } };

function httpForms({ rule }: Extract<GatewayRule, { kind: "http" }>): Form[] {
  return rule.matches.flatMap((m) =>
    pathForms(m.path, rule.rewrite?.path).map(({ match, rewrite }) => ({
      match: { ...match, ...conditions(m) },
      rewrite: { ...KEEP_HOST, ...rewrite },
      rank: specificity(m),
    })),
  );
}

function grpcForms({ rule }: Extract<GatewayRule, { kind: "grpc" }>, { metadata }: Spelling): Form[] {
  return rule.matches.map((m) => ({
    match: grpcMatch(m, metadata),
    rewrite: KEEP_HOST,
    rank: grpcSpecificity(m),
  }));
}

/** A path's match in the forms that App Mesh has for it, each with what becomes of the path. */
function pathForms(path: PathMatch, change: PathChange | undefined): Pick<Form, "match" | "rewrite">[] {
  if (change === undefined) {
    return pathMatches(path).map((match) => ({ match, rewrite: "prefix" in match ? KEEP_PREFIX : {} }));
  }
  const whole = { path: { exact: change.value } };
  if (path.kind !== "prefix") return [{ match: { path: { [path.kind]: path.value } }, rewrite: whole }];
  if (change.kind === "full") {
    const below = path.value === "/" ? "/.*" : `${escaped(path.value)}(?:/.*)?`;
    return [{ match: { path: { regex: below } }, rewrite: whole }];
  }
  const value = change.value.endsWith("/") ? change.value : `${change.value}/`;
  return pathMatches(path).map((match) => ({
    match,
    rewrite: "prefix" in match ? { prefix: { value } } : whole,
  }));
}

interface ListeningPlace {
  readonly listener: Listener;
  readonly host: string;
}

/** Where a gateway takes requests of a route: its listeners, each with the hosts that it shares with the route. */
function listeningPlaces({ listeners }: Gateway, { kind, route }: GatewayRule): ListeningPlace[] {
  const wanted = route.for.kind === "gateway" ? route.for.hosts : [];
  const places = listeners
    .filter((l) => (kind === "grpc") === (l.protocol === "grpc"))
    .flatMap((listener) =>
      wanted.flatMap((host) =>
        listener.hosts
          .filter((own) => hostWithin(host, own) || hostWithin(own, host))
          .map((own) => ({ listener, host: hostWithin(host, own) ? host : own })),
      ),
    );
  return [...groupBy(places, (p) => `${p.listener.port} ${p.host}`).values()].flatMap((same) =>
    same.slice(0, 1),
  );
}

function hostname(host: string): JsonObject {
  if (host === "*") return {};
  return { hostname: host.startsWith("*.") ? { suffix: host.slice(1) } : { exact: host } };
}
