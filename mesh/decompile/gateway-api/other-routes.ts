import { isHost, present } from "../../../lib";
import type { GrpcMatch, GrpcRule } from "../../intent/types";
import type { Field } from "../field";
import type { Item } from "../manifests";
import { filtersOf } from "./filters";
import { namedMatches, ruleName } from "./http-route";
import { splitCookies } from "../matches";
import { backendsOf, targetsOf, type Dialect, type RouteContext } from "./parents";

export function readGrpcRoutes(items: readonly Item[], around: RouteContext): void {
  const context: RouteContext = { ...around, carries: "grpc" };
  for (const item of items) {
    const targets = targetsOf(item, context);
    const rules = item.spec
      .get("rules")
      .items()
      .flatMap((rule) => grpcRule(rule, item.namespace, context));
    if (rules.length === 0) continue;
    for (const target of targets)
      context.draft.routes.push({ kind: "grpc", for: target, rules, at: item.spec.at });
  }
}

function grpcRule(rule: Field, namespace: string, context: RouteContext): GrpcRule[] {
  const written = rule.get("matches").items();
  const matches =
    written.length === 0
      ? [{ headers: [], at: rule.at }]
      : written.flatMap((match) => grpcMatch(match, context.dialect));
  const backends = backendsOf(rule, namespace, context);
  const { headers, mirrors } = filtersOf(rule.get("filters"), namespace, context);
  if (matches.length === 0 || backends.length === 0) {
    rule.lose({ message: "a rule without a match or a backend that an intent can say is left out" });
    return [];
  }
  return [
    {
      ...present({ name: ruleName(rule.get("name")) }),
      matches,
      backends,
      mirrors,
      ...present({ headers }),
      at: rule.at,
    },
  ];
}

function grpcMatch(field: Field, { regex }: Dialect): GrpcMatch[] {
  const method = field.get("method");
  const exact = (method.get("type").text() ?? "Exact") === "Exact";
  const call = present({ service: method.get("service").text(), method: method.get("method").text() });
  const headers = namedMatches(field.get("headers"), (name) => name.toLowerCase());
  const [unread] = field.unread();
  if (!exact || unread !== undefined) {
    field.lose({
      message:
        "an intent names gRPC services and methods as they are, not by patterns: this match is left out",
    });
    return [];
  }
  const plain = headers.map(({ name, match }) => ({
    name,
    match: match.kind === "regex" ? { ...match, value: regex(match.value) } : match,
  }));
  return [{ ...call, headers: splitCookies(plain).headers, at: field.at }];
}

/** The hosts of a TLSRoute are those that handshakes ask for. */
export function readTlsRoutes(items: readonly Item[], around: RouteContext): void {
  const context: RouteContext = { ...around, carries: "tls" };
  for (const item of items) {
    const sni = item.spec.get("hostnames").texts().filter(isHost);
    for (const target of targetsOf(item, context)) {
      const rules = item.spec
        .get("rules")
        .items()
        .flatMap((rule) => {
          const backends = backendsOf(rule, item.namespace, context);
          const hosts = sni.length > 0 ? sni : target.kind === "gateway" ? target.hosts : [];
          rule.get("name").accept();
          return backends.length === 0 || hosts.length === 0 ? [] : [{ sni: hosts, backends, at: rule.at }];
        });
      if (rules.length > 0) context.draft.routes.push({ kind: "tls", for: target, rules, at: item.spec.at });
      else item.spec.get("hostnames").lose({ message: "no rule of this route leads anywhere" });
    }
  }
}

export function readTcpRoutes(items: readonly Item[], around: RouteContext): void {
  const context: RouteContext = { ...around, carries: "tcp" };
  for (const item of items) {
    const [first, ...others] = item.spec.get("rules").items();
    for (const other of others) other.lose({ message: "a tcp route has one rule" });
    const backends = first === undefined ? [] : backendsOf(first, item.namespace, context);
    first?.get("name").accept();
    if (first === undefined || backends.length === 0) continue;
    const rules = [{ backends, at: first.at }];
    for (const target of targetsOf(item, context)) {
      context.draft.routes.push({ kind: "tcp", for: target, rules, at: item.spec.at });
    }
  }
}
