import { formatDuration, present, type Json, type JsonObject } from "../../../../lib";
import type { Lookup } from "../../../intent/lookup";
import type {
  Fault,
  HeaderChange,
  HeaderChanges,
  Mirror,
  NamedValue,
  PathChange,
  Redirect,
  Retry,
  RetryOn,
  Rewrite,
} from "../../../intent/types";
import { GRPC_STATUS } from "../../../intent/words";
import { hostOf } from "../names";
import type { Uri } from "./matches";

/** Conditions that hold for a try that took too long. */
const LATE: readonly RetryOn[] = ["5xx", "gateway-error", "reset"];

/** Whom a backend or mirror names, as a `destination`. */
export function destination(
  to: { readonly service: string; readonly version?: string; readonly port?: number },
  lookup: Lookup,
): JsonObject {
  const service = lookup.service(to.service);
  return {
    host: service === undefined ? to.service : hostOf(service),
    ...present({ subset: to.version }),
    ...(to.port === undefined ? {} : { port: { number: to.port } }),
  };
}

/** Destinations with their weights; the only one has none. */
export function destinations(
  backends: readonly { readonly service: string; readonly weight: number }[],
  lookup: Lookup,
): Json[] {
  return backends.map((backend) => ({
    destination: destination(backend, lookup),
    ...(backends.length === 1 ? {} : { weight: backend.weight }),
  }));
}

export function retriesOf(
  { retries: attempts, perTryTimeoutMs, on, backoffMs }: Retry,
  kind: "http" | "grpc",
): JsonObject {
  // A gRPC call carries its deadline, so that the backend's own proxy says that a try took too long, by a gRPC status.
  const late = kind === "grpc" && perTryTimeoutMs !== undefined && on.some((c) => LATE.includes(c));
  return {
    attempts,
    ...(perTryTimeoutMs === undefined ? {} : { perTryTimeout: formatDuration(perTryTimeoutMs) }),
    ...(backoffMs === undefined ? {} : { backoff: formatDuration(backoffMs) }),
    retryOn: [...on, ...(late ? ["deadline-exceeded"] : [])].join(","),
  };
}

export function faultOf({ delay, abort }: Fault, kind: "http" | "grpc"): JsonObject {
  const status = (code: number): JsonObject =>
    kind === "http" ? { httpStatus: code } : { grpcStatus: GRPC_STATUS[code] ?? "UNKNOWN" };
  return {
    ...(delay === undefined
      ? {}
      : { delay: { percentage: { value: delay.percent }, fixedDelay: formatDuration(delay.durationMs) } }),
    ...(abort === undefined
      ? {}
      : { abort: { percentage: { value: abort.percent }, ...status(abort.status) } }),
  };
}

export function mirrorsOf(mirrors: readonly Mirror[], lookup: Lookup): JsonObject[] {
  return mirrors.map((mirror) => ({
    destination: destination(mirror, lookup),
    percentage: { value: mirror.percent },
  }));
}

export function headersOf({ request, response }: HeaderChanges): JsonObject {
  const change = ({ set, add, remove }: HeaderChange): JsonObject => ({
    ...(set.length === 0 ? {} : { set: values(set) }),
    ...(add.length === 0 ? {} : { add: values(add) }),
    ...(remove.length === 0 ? {} : { remove }),
  });
  const parts = Object.entries({ request: change(request), response: change(response) });
  return Object.fromEntries(parts.filter(([, part]) => Object.keys(part).length > 0));
}

/** Proxies take `%` for the begin of a variable. */
function values(list: readonly NamedValue[]): JsonObject {
  return Object.fromEntries(list.map(({ name, value }) => [name, value.replaceAll("%", "%%")]));
}

export function rewriteOf({ host, path }: Rewrite, matched: Uri): JsonObject {
  return {
    ...(host === undefined ? {} : { authority: host }),
    ...(path === undefined ? {} : rewrittenPath(path, matched)),
  };
}

/** `uri` replaces what was matched, so that for the whole path below a prefix an expression has to match all of it. */
function rewrittenPath({ kind, value }: PathChange, { covers }: Uri): JsonObject {
  if (kind === "prefix") return { uri: covers === "prefix" ? `${trimmed(value)}/` : trimmed(value) || "/" };
  if (covers === "path") return { uri: value };
  return { uriRegexRewrite: { match: "/.*", rewrite: value.replaceAll("\\", "\\\\") } };
}

export function redirectOf({ scheme, host, port, path, status }: Redirect, matched: Uri): JsonObject {
  // A scheme brings its own port; without one the port of the request stays.
  const derived = scheme === undefined ? "FROM_REQUEST_PORT" : "FROM_PROTOCOL_DEFAULT";
  return {
    ...present({ scheme, authority: host }),
    ...(port === undefined ? { derivePort: derived } : { port }),
    ...(path === undefined ? {} : redirectedPath(path, matched)),
    redirectCode: status,
  };
}

function redirectedPath({ kind, value }: PathChange, { covers }: Uri): JsonObject {
  if (kind === "prefix" && covers === "prefix") return { prefixRewrite: `${trimmed(value)}/` };
  return { uri: kind === "prefix" ? trimmed(value) || "/" : value };
}

function trimmed(prefix: string): string {
  return prefix.replace(/\/+$/, "");
}
