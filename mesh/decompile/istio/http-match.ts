import { isPort, present } from "../../../lib";
import type { Match, NamedMatch, ValueMatch } from "../../intent/types";
import type { CharPath } from "../char-prefix";
import type { Field } from "../field";
import { ANY, splitCookies, startsWith } from "../matches";

/** One match of a VirtualService, and where it holds. */
export interface HttpMatch {
  readonly path: CharPath;
  readonly match: Omit<Match, "path">;
  readonly port?: number;
  /** Gateways as written; absent for those of the whole VirtualService. */
  readonly gateways?: readonly string[];
}

/**
 * The matches of one entry of `spec.http`; everything where it names none. A match with a condition that an intent has
 * no word for is left out as a whole: without the condition it would take requests that it is not for.
 */
export function httpMatches(entry: Field): readonly HttpMatch[] {
  const written = entry.get("match").items();
  if (written.length > 0) return written.flatMap(matchOf);
  const everything = { headers: [], query: [], cookies: [], at: entry.at };
  return [{ match: everything, path: { kind: "prefix", value: "/", field: entry } }];
}

function matchOf(field: Field): HttpMatch[] {
  field.get("name").accept();
  field.get("statPrefix").accept();
  field.get("ignoreUriCase").acceptIf(false);
  const headers = named(field.get("headers"));
  const query = named(field.get("queryParams"));
  const host = hostOf(field.get("authority"));
  const method = field.get("method", "exact").text();
  const port = field.get("port").number();
  const gateways = field.get("gateways").texts();
  const path = pathOf(field.get("uri"));
  const [unread] = field.unread();
  if (unread !== undefined || headers === undefined || query === undefined || path === undefined) {
    const what = String((unread ?? field).at.at(-1));
    field.lose({ message: `this match has a condition that an intent cannot say (${what}): it is left out` });
    return [];
  }
  const all = [...headers.map(lowered), ...host];
  return [
    {
      path,
      match: { ...splitCookies(all), query, ...present({ method }), at: field.at },
      ...(port !== undefined && isPort(port) ? { port } : {}),
      ...(gateways.length === 0 ? {} : { gateways }),
    },
  ];
}

function lowered({ name, match }: NamedMatch): NamedMatch {
  return { name: name.toLowerCase(), match };
}

/** The authority is the host header, as HTTP/1.1 has it. */
function hostOf(field: Field): NamedMatch[] {
  const match = field.there ? valueOf(field) : undefined;
  return match === undefined ? [] : [{ name: "host", match }];
}

function pathOf(field: Field): CharPath | undefined {
  if (!field.there) return { kind: "prefix", value: "/", field };
  for (const kind of ["exact", "prefix", "regex"] as const) {
    const value = field.get(kind).text();
    if (value !== undefined && (kind === "regex" || value.startsWith("/"))) return { kind, value, field };
  }
  return undefined;
}

function named(field: Field): NamedMatch[] | undefined {
  const all = field.entries().map(([name, value]) => ({ name, match: valueOf(value) }));
  const known = all.flatMap(({ name, match }) => (match === undefined ? [] : [{ name, match }]));
  return known.length === all.length ? known : undefined;
}

function valueOf(field: Field): ValueMatch | undefined {
  const exact = field.get("exact").text();
  if (exact !== undefined) return { kind: "exact", value: exact };
  const regex = field.get("regex").text();
  if (regex !== undefined) return { kind: "regex", value: regex };
  const prefix = field.get("prefix").text();
  if (prefix !== undefined) return startsWith(prefix);
  return field.entries().length === 0 ? ANY : undefined;
}
