import { byText, present } from "../../lib";
import { prefixOf } from "./normalize-matches";
import { unique } from "./order";
import type { WrittenHeaders, WrittenHttpRule } from "./schema-routes";
import type { HeaderChange, HeaderChanges, NamedValue, PathChange, Redirect, Rewrite } from "./types";

export function changesOf({ request, response }: WrittenHeaders): HeaderChanges {
  return { request: changeOf(request ?? {}), response: changeOf(response ?? {}) };
}

function changeOf({ set, add, remove }: NonNullable<WrittenHeaders["request"]>): HeaderChange {
  return {
    set: valuesOf(set ?? {}),
    add: valuesOf(add ?? {}),
    remove: unique((remove ?? []).map((name) => name.toLowerCase())),
  };
}

function valuesOf(written: { readonly [name: string]: string }): NamedValue[] {
  const all = Object.entries(written).map(([name, value]) => ({ name: name.toLowerCase(), value }));
  return all.sort((a, b) => byText(a.name, b.name) || byText(a.value, b.value));
}

export function rewriteOf({ host, ...path }: NonNullable<WrittenHttpRule["rewrite"]>): Rewrite {
  return present({ host, path: pathChangeOf(path) });
}

export function redirectOf(written: NonNullable<WrittenHttpRule["redirect"]>): Redirect {
  const { scheme, host, port, status } = written;
  return { ...present({ scheme, host, port, path: pathChangeOf(written) }), status: status ?? 302 };
}

/** The schema has seen to it that at most one of the two is there. */
function pathChangeOf({
  prefix,
  path,
}: {
  prefix?: string | undefined;
  path?: string | undefined;
}): PathChange | undefined {
  if (path !== undefined) return { kind: "full", value: path };
  return prefix === undefined ? undefined : { kind: "prefix", value: prefixOf(prefix) };
}
