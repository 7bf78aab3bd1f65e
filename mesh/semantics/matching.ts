import type { GrpcMatch, Match, NamedMatch, PathMatch, ValueMatch } from "../intent/types";
import { matchesWhole } from "./regex";
import { cookieValues, queryValue, type Seen } from "./request";

/** Whether everything that a match names is so. */
export function httpMatches(match: Match, request: Seen): boolean {
  const { path, method, headers, query, cookies } = match;
  return (
    pathMatches(path, request.path) &&
    (method === undefined || method === request.method) &&
    headersMatch(headers, request) &&
    query.every((q) => valueMatches(q.match, queryValue(request.query, q.name))) &&
    cookies.every((c) =>
      cookieValues(request.headers.get("cookie"), c.name).some((value) => valueMatches(c.match, value)),
    )
  );
}

/** gRPC calls are told by their path, `/<service>/<method>`. */
export function grpcMatches({ service, method, headers }: GrpcMatch, request: Seen): boolean {
  const [, calledService, calledMethod, ...rest] = request.path.split("/");
  const isCall = calledService !== "" && calledMethod !== undefined && rest.length === 0;
  return (
    (service === undefined || (isCall && service === calledService)) &&
    (method === undefined || (isCall && method === calledMethod)) &&
    headersMatch(headers, request)
  );
}

function pathMatches(match: PathMatch, path: string): boolean {
  if (match.kind !== "prefix") return valueMatches(match, path);
  return match.value === "/" || path === match.value || path.startsWith(`${match.value}/`);
}

function headersMatch(headers: readonly NamedMatch[], request: Seen): boolean {
  return headers.every(({ name, match }) =>
    valueMatches(match, name === "host" ? request.host : request.headers.get(name)),
  );
}

function valueMatches({ kind, value }: ValueMatch, actual: string | undefined): boolean {
  if (actual === undefined) return false;
  return kind === "exact" ? actual === value : matchesWhole(value, actual);
}
