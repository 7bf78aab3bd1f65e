import { formatDuration, present } from "../../lib";
import type { Intent } from "../intent";
import type {
  GrpcMatch,
  HeaderChange,
  HeaderChanges,
  Match,
  Mirror,
  NamedMatch,
  NamedValue,
  PathChange,
  Redirect,
  RequestRule,
  Retry,
  Rewrite,
  Route,
  RouteTarget,
  TcpRule,
  ValueMatch,
} from "../intent/types";

type WrittenRoute = NonNullable<Intent["routes"]>[number];

/** A route as a file writes it, without what holds by default. */
export function writeRoute(route: Route): WrittenRoute {
  const target = writeTarget(route.for);
  switch (route.kind) {
    case "http":
      return {
        kind: "http",
        for: target,
        rules: route.rules.map(({ matches, rewrite, redirect, ...rule }) => ({
          ...matched(matches.map(writeMatch)),
          ...writeRule(rule),
          ...present({
            rewrite: rewrite && writeRewrite(rewrite),
            redirect: redirect && writeRedirect(redirect),
          }),
        })),
      };
    case "grpc":
      return {
        kind: "grpc",
        for: target,
        rules: route.rules.map(({ matches, ...rule }) => ({
          ...matched(matches.map(writeGrpcMatch)),
          ...writeRule(rule),
          backends: rule.backends.map(writeBackend),
        })),
      };
    case "tcp":
      return { kind: "tcp", for: target, rules: route.rules.map(writeTcpRule) };
    case "tls":
      return {
        kind: "tls",
        for: target,
        rules: route.rules.map((rule) => ({ ...writeTcpRule(rule), sni: [...rule.sni] })),
      };
  }
}

function writeTarget(target: RouteTarget): WrittenRoute["for"] {
  if (target.kind === "gateway") {
    const { gateway, hosts } = target;
    return { gateway, ...(hosts.length === 0 ? {} : { hosts: [...hosts] }) };
  }
  return { service: target.service, ...present({ port: target.port }) };
}

/** No word of a match that holds for everything. */
function matched<T extends object>(matches: readonly T[]): { match?: T[] } {
  const [only, ...others] = matches;
  const everything = others.length === 0 && (only === undefined || Object.keys(only).length === 0);
  return everything ? {} : { match: [...matches] };
}

function writeMatch({ path, method, headers, query, cookies }: Match) {
  const everywhere = path.kind === "prefix" && path.value === "/";
  return {
    ...(everywhere ? {} : { path: { [path.kind]: path.value } }),
    ...present({ method: method as "GET" | undefined }),
    ...named("headers", headers),
    ...named("query", query),
    ...named("cookies", cookies),
  };
}

function writeGrpcMatch({ service, method, headers }: GrpcMatch) {
  return { ...present({ service, method }), ...named("headers", headers) };
}

type WrittenValue = { [kind in ValueMatch["kind"]]?: string };

function named(key: string, matches: readonly NamedMatch[]): { [key: string]: Record<string, WrittenValue> } {
  if (matches.length === 0) return {};
  return {
    [key]: Object.fromEntries(matches.map(({ name, match }) => [name, { [match.kind]: match.value }])),
  };
}

interface Referring {
  readonly service: string;
  readonly version?: string;
  readonly port?: number;
}

function reference({ service, version, port }: Referring) {
  return { service, ...present({ version, port }) };
}

function writeBackend(backend: Referring & { readonly weight: number }, _: number, all: readonly unknown[]) {
  return {
    ...reference(backend),
    ...(all.length === 1 && backend.weight !== 0 ? {} : { weight: backend.weight }),
  };
}

function writeTcpRule({ name, backends }: TcpRule) {
  return { ...present({ name }), backends: backends.map(writeBackend) };
}

function writeRule({ name, backends, timeoutMs, retry, fault, mirrors, headers }: RequestRule) {
  return {
    ...present({ name }),
    ...(backends.length === 0 ? {} : { backends: backends.map(writeBackend) }),
    ...present({ timeout: duration(timeoutMs), retry: retry && writeRetry(retry) }),
    ...(fault === undefined
      ? {}
      : {
          fault: {
            ...present({ abort: fault.abort && { ...fault.abort } }),
            ...present({
              delay: fault.delay && {
                percent: fault.delay.percent,
                duration: formatDuration(fault.delay.durationMs),
              },
            }),
          },
        }),
    ...(mirrors.length === 0 ? {} : { mirror: mirrors.map(writeMirror) }),
    ...present({ headers: headers && writeHeaders(headers) }),
  };
}

function writeMirror(mirror: Mirror) {
  return { ...reference(mirror), ...(mirror.percent === 100 ? {} : { percent: mirror.percent }) };
}

function writeRetry({ retries, perTryTimeoutMs, on, backoffMs, budgetPercent }: Retry) {
  return {
    retries,
    ...present({ perTryTimeout: duration(perTryTimeoutMs) }),
    on: [...on],
    ...present({
      backoff: duration(backoffMs),
      budget: budgetPercent === undefined ? undefined : { percent: budgetPercent },
    }),
  };
}

function writeHeaders({ request, response }: HeaderChanges) {
  return present({ request: writeChange(request), response: writeChange(response) });
}

function writeChange({ set, add, remove }: HeaderChange) {
  if (set.length + add.length + remove.length === 0) return undefined;
  return {
    ...(set.length === 0 ? {} : { set: values(set) }),
    ...(add.length === 0 ? {} : { add: values(add) }),
    ...(remove.length === 0 ? {} : { remove: [...remove] }),
  };
}

function values(all: readonly NamedValue[]): Record<string, string> {
  return Object.fromEntries(all.map(({ name, value }) => [name, value]));
}

function writeRewrite({ host, path }: Rewrite) {
  return { ...present({ host }), ...pathChange(path) };
}

function writeRedirect({ scheme, host, port, path, status }: Redirect) {
  return { ...present({ scheme, host, port }), ...pathChange(path), status };
}

function pathChange(path: PathChange | undefined) {
  if (path === undefined) return {};
  return path.kind === "prefix" ? { prefix: path.value } : { path: path.value };
}

export function duration(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : formatDuration(ms);
}
