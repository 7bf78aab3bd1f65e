import { byText } from "../../lib";
import type { HeaderChange, NamedValue, PathChange, PathMatch, Redirect, Rewrite } from "../intent/types";
import type { Seen } from "./request";
import type { Delivered } from "./types";

/** The path after a change, without its query. `matched` is what the rule's match said of it. */
export function changedPath(change: PathChange | undefined, matched: PathMatch, path: string): string {
  if (change === undefined) return path;
  if (change.kind === "full") return change.value;
  // An exact path or a regular expression matches all of the path, so that nothing is left of it.
  const matchedLength = matched.kind === "prefix" ? withoutSlash(matched.value).length : path.length;
  const joined = withoutSlash(change.value) + path.slice(matchedLength);
  return joined === "" ? "/" : joined;
}

function withoutSlash(prefix: string): string {
  return prefix.replace(/\/+$/, "");
}

/** Where a redirect sends its caller. `origin` is where the request came in. */
export function location(
  redirect: Redirect,
  {
    request,
    path,
    origin,
  }: { request: Seen; path: PathMatch; origin: { scheme: "http" | "https"; port: number } },
): string {
  const scheme = redirect.scheme ?? origin.scheme;
  const wellKnown = scheme === "http" ? 80 : 443;
  // As in the Gateway API: a scheme brings its own port, without one the port stays.
  const port = redirect.port ?? (redirect.scheme === undefined ? origin.port : wellKnown);
  const authority = `${redirect.host ?? request.host}${port === wellKnown ? "" : `:${port}`}`;
  return `${scheme}://${authority}${withQuery(changedPath(redirect.path, path, request.path), request)}`;
}

/** A request as backends see it, after a rule's changes. */
export function delivered(
  request: Seen,
  {
    rewrite,
    headers,
    path,
  }: { rewrite?: Rewrite | undefined; headers?: HeaderChange | undefined; path: PathMatch },
): Delivered {
  return {
    method: request.method,
    path: withQuery(changedPath(rewrite?.path, path, request.path), request),
    host: rewrite?.host ?? request.host,
    headers: changedHeaders(request.headers, headers),
  };
}

function withQuery(path: string, { query }: Seen): string {
  return query === undefined ? path : `${path}?${query}`;
}

function changedHeaders(
  headers: ReadonlyMap<string, string>,
  change: HeaderChange | undefined,
): readonly NamedValue[] {
  const all = new Map(headers);
  for (const name of change?.remove ?? []) all.delete(name);
  for (const { name, value } of change?.set ?? []) all.set(name, value);
  for (const { name, value } of change?.add ?? []) {
    const before = all.get(name);
    all.set(name, before === undefined ? value : `${before},${value}`);
  }
  return [...all].map(([name, value]) => ({ name, value })).sort((a, b) => byText(a.name, b.name));
}
