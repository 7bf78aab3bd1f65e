import { canonicalText, groupBy, type Json } from "../../../lib";
import { contentText } from "../../intent/order";
import type { Caller, Operation } from "../../intent/types";
import type { Field } from "../field";
import type { Item } from "../manifests";
import { trimPrefix } from "../values";
import type { Callers } from "./model";
import {
  beginning,
  exactly,
  isNone,
  matching,
  matchingBackwards,
  minus,
  NONE,
  patternsOf,
  same,
  union,
  type PathSet,
} from "./path-set";

/** Some requests at a Server, and those who may make them. */
export interface RequestRoute {
  readonly item: Item;
  readonly callers: readonly Callers[];
}

/** What one caller may do; `caller` is absent for everybody. */
export interface Grant {
  readonly caller: Caller | undefined;
  readonly operations: readonly Operation[];
}

interface Match {
  readonly method: string | undefined;
  readonly set: PathSet;
  /** Exact before prefix before expression, the longer before the shorter; with a method before without. */
  readonly rank: readonly number[];
  readonly callers: ReadonlySet<string>;
}

const EVERYBODY = "everybody";

/**
 * Who may make which requests at a Server that has routes: a request is judged by the most specific route that it
 * matches, and by that alone. Undefined where methods and paths cannot say it.
 */
export function grantsOf(routes: readonly RequestRoute[]): Grant[] | undefined {
  const backwards = routes.some(({ item }) =>
    pathsOf(item).some(
      (path) => path.get("value").text()?.startsWith("^.*") === true && path.get("value").text() !== "^.*$",
    ),
  );
  const matches = routes.flatMap((route) => matchesOf(route, backwards) ?? [undefined]);
  const known = matches.flatMap((match) => match ?? []);
  if (known.length < matches.length) return undefined;
  const callers = new Map(routes.flatMap((r) => r.callers).flatMap((c) => identitiesOf(c)));
  const grants = [...callers].map(([key, caller]) => ({
    caller,
    operations: operationsOf(key, known, backwards),
  }));
  if (grants.some(({ operations }) => operations === undefined)) return undefined;
  return grants.flatMap(({ caller, operations = [] }) =>
    operations.length === 0 ? [] : [{ caller, operations }],
  );
}

/** Grants with the same operations, together. */
export function byOperations(
  grants: readonly Grant[],
): { readonly from: readonly Caller[]; readonly operations: readonly Operation[] }[] {
  return [
    ...groupBy(grants, (g) => `${g.caller === undefined} ${JSON.stringify(g.operations)}`).values(),
  ].map((same) => ({
    from: same.flatMap(({ caller }) => caller ?? []),
    operations: same[0]?.operations ?? [],
  }));
}

function identitiesOf({ anyone, from }: Callers): (readonly [string, Caller | undefined])[] {
  return anyone ? [[EVERYBODY, undefined]] : from.map((caller) => [keyOf(caller), caller] as const);
}

function keyOf(caller: Caller): string {
  return canonicalText(JSON.parse(contentText(caller)) as Json);
}

function pathsOf({ spec }: Item): Field[] {
  return spec
    .get("rules")
    .items()
    .flatMap((rule) => rule.get("matches").items())
    .map((match) => match.get("path"));
}

function matchesOf({ item, callers }: RequestRoute, backwards: boolean): (Match | undefined)[] | undefined {
  const names = new Set(callers.flatMap(identitiesOf).map(([key]) => key));
  const rules = item.spec.get("rules").items();
  return rules.flatMap((rule): (Match | undefined)[] => {
    const written = rule.get("matches").items();
    if (written.length === 0)
      return [{ method: undefined, set: beginning("/"), rank: [0, 1, 0], callers: names }];
    return written.map((match) => {
      const method = match.get("method").text();
      const path = pathOf(match.get("path"), backwards);
      const [unread] = match.unread();
      if (path === undefined || unread !== undefined) return undefined;
      return { method, set: path.set, rank: [...path.rank, method === undefined ? 0 : 1], callers: names };
    });
  });
}

function pathOf(
  field: Field,
  backwards: boolean,
): { readonly set: PathSet; readonly rank: readonly number[] } | undefined {
  const value = field.get("value").text() ?? "/";
  const turned = (text: string): string => (backwards ? [...text].reverse().join("") : text);
  switch (field.get("type").text() ?? "PathPrefix") {
    case "Exact":
      return { set: exactly(turned(value)), rank: [2, value.length] };
    case "RegularExpression": {
      const set = backwards ? matchingBackwards(value) : matching(value);
      return set === undefined ? undefined : { set, rank: [1, value.length] };
    }
    case "PathPrefix": {
      const prefix = trimPrefix(value);
      if (prefix === "/") return { set: backwards ? ALL_BACKWARDS : beginning("/"), rank: [0, 1] };
      return backwards
        ? undefined
        : { set: union(exactly(prefix), beginning(`${prefix}/`)), rank: [0, prefix.length] };
    }
    default:
      return undefined;
  }
}

/** Every path, read backwards: its first character is its last one then, and is taken for granted. */
const ALL_BACKWARDS: PathSet = { end: true, others: true, next: new Map() };

/** The requests of one caller: by method where that matters. Undefined where operations cannot say them. */
function operationsOf(
  caller: string,
  matches: readonly Match[],
  backwards: boolean,
): Operation[] | undefined {
  const methods = [...new Set(matches.flatMap((m) => m.method ?? []))].sort();
  const other = allowed(
    caller,
    matches.filter((m) => m.method === undefined),
  );
  const each = methods.map((method) => ({
    method,
    set: allowed(
      caller,
      matches.filter((m) => m.method === undefined || m.method === method),
    ),
  }));
  // Operations only add: what every method may, but one, they cannot say.
  if (each.some(({ set }) => !isNone(minus(other, set)))) return undefined;
  const own = each.filter(({ set }) => !same(set, other));
  const parts = [
    { methods: [] as string[], set: other },
    ...own.map(({ method, set }) => ({ methods: [method], set: minus(set, other) })),
  ];
  const said = parts
    .filter(({ set }) => !isNone(set))
    .map((part) => ({ methods: part.methods, paths: pathPatterns(part.set, backwards) }));
  const operations = said.flatMap(({ methods: names, paths }) =>
    paths === undefined ? [] : [{ methods: names, paths }],
  );
  return operations.length < said.length ? undefined : joined(operations);
}

function allowed(caller: string, matches: readonly Match[]): PathSet {
  const mine = (m: Match): boolean => m.callers.has(caller) || m.callers.has(EVERYBODY);
  return matches.filter(mine).reduce((all, match) => {
    const above = matches.filter((other) => !mine(other) && outranks(other.rank, match.rank));
    return union(
      all,
      above.reduce((set, other) => minus(set, other.set), match.set),
    );
  }, NONE);
}

function outranks(a: readonly number[], b: readonly number[]): boolean {
  const differing = a.findIndex((part, i) => part !== b[i]);
  return differing !== -1 && (a[differing] ?? 0) > (b[differing] ?? 0);
}

/** Empty for every path. */
function pathPatterns(set: PathSet, backwards: boolean): string[] | undefined {
  const patterns = patternsOf(set);
  if (patterns === undefined) return undefined;
  const turned = backwards ? patterns.map((p) => [...p].reverse().join("")) : patterns;
  if (turned.some((p) => p === "*" || p === "/*")) return [];
  return turned.every((p) => /^(\/[^*{}\s?#]*\*?|\*[^*{}\s?#]*)$/.test(p)) ? turned : undefined;
}

/** Methods with the same paths, together. */
function joined(operations: readonly { methods: string[]; paths: string[] }[]): Operation[] {
  const groups = groupBy(operations, (o) => `${o.methods.length === 0} ${o.paths.join(" ")}`);
  return [...groups.values()].map((same) => ({
    methods: same.flatMap((o) => o.methods),
    paths: same[0]?.paths ?? [],
  }));
}
