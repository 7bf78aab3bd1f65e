import type { JsonObject } from "../../lib";
import type {
  HeaderChange,
  HeaderChanges,
  Mirror,
  NamedValue,
  PathChange,
  PathMatch,
  Redirect,
  Rewrite,
} from "../intent/types";
import type { Lookup } from "../intent/lookup";
import { backendRef } from "./backends";

/** Where a rule's backends are looked up, and the namespace of its route. */
export interface RuleSite {
  readonly lookup: Lookup;
  readonly from: string;
}

/** Filters for the changes of headers; none for a part that changes nothing. */
export function headerFilters(headers: HeaderChanges | undefined): JsonObject[] {
  if (headers === undefined) return [];
  const request = modifier(headers.request);
  const response = modifier(headers.response);
  return [
    ...(request === undefined ? [] : [{ type: "RequestHeaderModifier", requestHeaderModifier: request }]),
    ...(response === undefined ? [] : [{ type: "ResponseHeaderModifier", responseHeaderModifier: response }]),
  ];
}

function modifier({ set, add, remove }: HeaderChange): JsonObject | undefined {
  if (set.length + add.length + remove.length === 0) return undefined;
  const values = (list: readonly NamedValue[]): JsonObject[] =>
    list.map(({ name, value }) => ({ name, value }));
  return {
    ...(set.length === 0 ? {} : { set: values(set) }),
    ...(add.length === 0 ? {} : { add: values(add) }),
    ...(remove.length === 0 ? {} : { remove }),
  };
}

/** Percentages have at most four decimals, so that a millionth is the smallest part of one. */
export function mirrorFilter(mirror: Mirror, site: RuleSite): JsonObject {
  const { percent } = mirror;
  const share =
    percent === 100
      ? {}
      : Number.isInteger(percent)
        ? { percent }
        : { fraction: { numerator: Math.round(percent * 10_000), denominator: 1_000_000 } };
  return { type: "RequestMirror", requestMirror: { backendRef: backendRef(mirror, site), ...share } };
}

export function rewriteFilter({ host, path }: Rewrite, matched: PathMatch): JsonObject {
  return {
    type: "URLRewrite",
    urlRewrite: {
      ...(host === undefined ? {} : { hostname: host }),
      ...(path === undefined ? {} : { path: pathChange(path, matched) }),
    },
  };
}

export function redirectFilter(
  { scheme, host, port, path, status }: Redirect,
  matched: PathMatch,
): JsonObject {
  return {
    type: "RequestRedirect",
    requestRedirect: {
      ...(scheme === undefined ? {} : { scheme }),
      ...(host === undefined ? {} : { hostname: host }),
      ...(port === undefined ? {} : { port }),
      ...(path === undefined ? {} : { path: pathChange(path, matched) }),
      statusCode: status,
    },
  };
}

/** A prefix can only be replaced where one was matched; an exact path or an expression matches the whole path. */
function pathChange({ kind, value }: PathChange, matched: PathMatch): JsonObject {
  if (kind === "prefix" && matched.kind === "prefix") {
    return { type: "ReplacePrefixMatch", replacePrefixMatch: trimmed(value) };
  }
  return { type: "ReplaceFullPath", replaceFullPath: kind === "prefix" ? trimmed(value) : value };
}

function trimmed(prefix: string): string {
  return prefix.replace(/\/+$/, "") || "/";
}
