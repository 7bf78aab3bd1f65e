import { escaped } from "../../../gateway-api/cookie-header";
import type { GrpcMatch, PathMatch, Rewrite } from "../../../intent/types";

/** A path as Consul's router tells it, with what it is rewritten to. */
export interface PathRoute {
  readonly match: ConsulPath;
  /** Absent: whatever the path is, it stays. */
  readonly rewrite?: string;
  /** A condition on the path with its query that holds besides. */
  readonly pathHeader?: string;
}

type ConsulPath =
  | { readonly pathExact: string }
  | { readonly pathPrefix: string }
  | { readonly pathRegex: string }
  | Record<string, never>;

/**
 * Consul's prefix is one of characters, ours one of path elements: `/foo` itself, and what lies below it.
 * A prefix is always rewritten, to itself if need be: releases from 1.22 take a destination without a rewrite for one
 * that cuts the prefix off.
 */
export function pathRoutes(path: PathMatch, rewrite: Rewrite | undefined): PathRoute[] {
  const to = rewrite?.path;
  if (path.kind === "regex") return [{ match: { pathRegex: path.value } }];
  if (path.kind === "exact") {
    if (to === undefined) return [{ match: { pathExact: path.value } }];
    return [exactly(path.value, to.kind === "full" ? to.value : stem(to.value))];
  }
  const prefix = stem(path.value);
  const target = to === undefined ? prefix : stem(to.value);
  const below: PathRoute =
    prefix === "" && target === ""
      ? { match: {} }
      : { match: { pathPrefix: `${prefix}/` }, rewrite: `${target}/` };
  if (prefix === "") return [below];
  return [to === undefined ? { match: { pathExact: prefix } } : exactly(prefix, target), below];
}

/**
 * The rewrite `/` of an exact path leaves it as it is in releases from 1.22, so that the path is told by a prefix and
 * by what the whole of it must be.
 */
function exactly(path: string, target: string): PathRoute {
  if (target !== "" && target !== "/") return { match: { pathExact: path }, rewrite: target };
  if (path === "/") return { match: { pathExact: path } };
  return {
    match: { pathPrefix: path },
    rewrite: "/",
    pathHeader: `${escaped(path)}(\\?.*)?`,
  };
}

/** Without the slash at the end: nothing for `/`. */
export function stem(path: string): string {
  return path.replace(/\/+$/, "");
}

/** A gRPC call is a request for `/<service>/<method>`. */
export function grpcPath({ service, method }: GrpcMatch): PathRoute {
  if (service === undefined && method === undefined) return { match: {} };
  if (service === undefined) return { match: { pathRegex: `/[^/]+/${escaped(method ?? "")}` } };
  if (method === undefined) return { match: { pathRegex: `/${escaped(service)}/[^/]+` } };
  return { match: { pathExact: `/${service}/${method}` } };
}
