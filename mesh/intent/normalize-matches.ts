import { present, sortedBy, type FieldPath } from "../../lib";
import { contentText } from "./order";
import type { WrittenGrpcMatch, WrittenMatch } from "./schema-routes";
import type { GrpcMatch, Match, NamedMatch, PathMatch } from "./types";

type WrittenValues = WrittenMatch["headers"];

/** HTTP header names mean the same in any case; parameters and cookies do not. */
const lowered = (name: string): string => name.toLowerCase();
const asWritten = (name: string): string => name;

export function matchOf(written: WrittenMatch, at: FieldPath): Match {
  return {
    path: pathOf(written.path),
    ...present({ method: written.method }),
    headers: namedMatches(written.headers, lowered),
    query: namedMatches(written.query, asWritten),
    cookies: namedMatches(written.cookies, asWritten),
    at,
  };
}

export function grpcMatchOf({ service, method, headers }: WrittenGrpcMatch, at: FieldPath): GrpcMatch {
  return { ...present({ service, method }), headers: namedMatches(headers, lowered), at };
}

function pathOf(written: WrittenMatch["path"]): PathMatch {
  if (written?.exact !== undefined) return { kind: "exact", value: written.exact };
  if (written?.regex !== undefined) return { kind: "regex", value: written.regex };
  return { kind: "prefix", value: prefixOf(written?.prefix ?? "/") };
}

/** A prefix without the slashes at its end, which mean nothing where prefixes are taken by path element. */
export function prefixOf(written: string): string {
  const bare = written.replace(/\/+$/, "");
  return bare === "" ? "/" : bare;
}

function namedMatches(written: WrittenValues, spell: (name: string) => string): NamedMatch[] {
  const all = Object.entries(written ?? {}).map(([name, { exact, regex }]): NamedMatch => {
    const match =
      regex === undefined
        ? { kind: "exact" as const, value: exact ?? "" }
        : { kind: "regex" as const, value: regex };
    return { name: spell(name), match };
  });
  return sortedBy(all, contentText);
}
