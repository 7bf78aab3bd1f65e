import { isPort, present } from "../../../lib";
import { contentText } from "../../intent/order";
import type { Match, NamedMatch, PathMatch, ValueMatch } from "../../intent/types";
import type { Field } from "../field";
import { ANY, splitCookies, startsWith } from "../matches";
import { trimPrefix } from "../values";

/** One match of a VirtualService, and where it holds. */
export interface HttpMatch {
  readonly match: Match;
  readonly port?: number;
  /** Gateways as written; absent for those of the whole VirtualService. */
  readonly gateways?: readonly string[];
}

/** A path as it is written, before it is known whether a sibling completes it. */
interface Raw extends Omit<HttpMatch, "match"> {
  readonly match: Omit<Match, "path">;
  readonly uri: {
    readonly kind: "exact" | "prefix" | "regex";
    readonly value: string;
    readonly field: Field;
  };
}

/**
 * The matches of one entry of `spec.http`; everything where it names none. A match with a condition that an intent has
 * no word for is left out as a whole: without the condition it would take requests that it is not for.
 */
export function httpMatches(entry: Field): readonly HttpMatch[] {
  const written = entry.get("match").items();
  if (written.length === 0) {
    const everything = { path: ROOT, headers: [], query: [], cookies: [], at: entry.at };
    return [{ match: everything }];
  }
  return paired(written.flatMap(rawOf));
}

const ROOT: PathMatch = { kind: "prefix", value: "/" };

function rawOf(field: Field): Raw[] {
  field.get("name").accept();
  field.get("statPrefix").accept();
  field.get("ignoreUriCase").acceptIf(false);
  const headers = named(field.get("headers"));
  const query = named(field.get("queryParams"));
  const method = field.get("method", "exact").text();
  const port = field.get("port").number();
  const gateways = field.get("gateways").texts();
  const uri = uriOf(field.get("uri"));
  const [unread] = field.unread();
  if (unread !== undefined || headers === undefined || query === undefined || uri === undefined) {
    field.lose({
      message: `this match has a condition that an intent cannot say (${String((unread ?? field).at.at(-1))}): it is left out`,
    });
    return [];
  }
  const others = { ...splitCookies(headers.map(lowered)), query, ...present({ method }), at: field.at };
  return [
    {
      match: others,
      uri,
      ...(port !== undefined && isPort(port) ? { port } : {}),
      ...(gateways.length === 0 ? {} : { gateways }),
    },
  ];
}

function lowered({ name, match }: NamedMatch): NamedMatch {
  return { name: name.toLowerCase(), match };
}

function uriOf(field: Field): Raw["uri"] | undefined {
  if (!field.there) return { kind: "prefix", value: "/", field };
  for (const kind of ["exact", "prefix", "regex"] as const) {
    const value = field.get(kind).text();
    if (value !== undefined && (kind === "regex" || value.startsWith("/"))) return { kind, value, field };
  }
  return undefined;
}

function named(field: Field): NamedMatch[] | undefined {
  const all = field.entries().map(([name, value]) => ({ name, match: valueOf(value) }));
  const known = all.filter((one): one is NamedMatch => one.match !== undefined);
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

/**
 * Istio's prefixes are of characters, an intent's of path elements. `/foo` itself together with everything below
 * `/foo/` is such a prefix; any other one comes near.
 */
function paired(raws: readonly Raw[]): HttpMatch[] {
  const used = new Set<Raw>();
  const below = raws.filter((raw) => raw.uri.kind === "prefix" && raw.uri.value !== "/");
  const prefixes = below.map((raw) => {
    const twin = raws.find((other) => isTwin(other, raw));
    used.add(raw);
    if (twin !== undefined) used.add(twin);
    else tellPrefix(raw);
    return withPath(raw, { kind: "prefix", value: trimPrefix(raw.uri.value) });
  });
  const others = raws.filter((raw) => !used.has(raw)).map((raw) => withPath(raw, raw.uri));
  return [...prefixes, ...others];
}

function isTwin(other: Raw, { uri, match, port }: Raw): boolean {
  return (
    uri.value.endsWith("/") &&
    other.uri.kind === "exact" &&
    other.uri.value === trimPrefix(uri.value) &&
    other.port === port &&
    contentText(other.match) === contentText(match)
  );
}

function tellPrefix({ uri }: Raw): void {
  const prefix = trimPrefix(uri.value);
  uri.field.change(
    uri.value.endsWith("/")
      ? `${prefix} without a slash at its end is matched too: an intent's prefixes are of path elements`
      : `${prefix}-and-more is not matched any more: an intent's prefixes are of path elements`,
  );
}

function withPath({ match, port, gateways }: Raw, { kind, value }: PathMatch): HttpMatch {
  return { match: { ...match, path: { kind, value } }, ...present({ port, gateways }) };
}
