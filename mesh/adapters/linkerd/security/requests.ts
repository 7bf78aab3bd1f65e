import { byText, isJsonObject, type JsonObject } from "../../../../lib";
import type { Operation } from "../../../intent/types";
import { kubeObject } from "../../../plan/objects";
import type { KubeObject } from "../../../plan/types";
import { matchesWhole } from "../../../semantics/regex";
import { POLICY } from "../names";
import type { Site } from "../site";
import { callersOf, digestOf, policiesFor, together, type Callers, type PolicyTarget } from "./callers";
import { partition, type PathClass, type PathGrant } from "./paths";
import { requestAllows, type Door } from "./servers";

/** Some requests, and who may make them. */
interface RequestGrant {
  readonly callers: Callers;
  readonly operations: readonly Operation[];
  /** The kubelet's probes, which never have an identity. */
  readonly probes: boolean;
}

/** Requests that the same callers may make. */
interface RequestClass {
  readonly callers: Callers;
  /** The end of its objects' names. */
  readonly suffix: string;
  readonly probed: boolean;
  readonly matches: readonly JsonObject[];
}

/** How many matches an HTTPRoute takes: 16 rules with 8 each. */
const MOST_MATCHES = 128;
const MATCHES_IN_RULE = 8;
const LONGEST_PATH = 1024;

/** A door, and how Linkerd can tell apart the requests that come there. */
export interface JudgedDoor extends Door {
  /** Empty where all requests are alike. They leave no request out and do not overlap. */
  readonly classes: readonly RequestClass[];
  /** Why they cannot be told apart as the intent does; absent where they can. */
  readonly untellable?: string;
}

/** Requests that the same grants hold for, by the places of the grants. */
interface Told {
  readonly grants: readonly number[];
  readonly matches: readonly JsonObject[];
}

/** Services are often called alike, so that what was told apart once serves many. */
export class Parts {
  private readonly known = new Map<string, readonly Told[] | undefined>();

  /** Undefined where the paths cannot be told apart. */
  of(grants: readonly RequestGrant[]): readonly Told[] | undefined {
    const key = JSON.stringify(grants.map((g) => g.operations));
    if (this.known.has(key)) return this.known.get(key);
    const told = toldApart(grants);
    this.known.set(key, told);
    return told;
  }
}

export function judged(door: Door, site: Site, parts: Parts): JudgedDoor {
  const grants = grantsOf(door, site);
  if (grants.every((g) => g.probes)) return { ...door, classes: [] };
  const classes = classesOf(grants, parts);
  if (classes === undefined) {
    const untellable = "paths by their end, beside other paths, overlap in ways that its routes cannot tell";
    return { ...door, classes: [], untellable };
  }
  const full = classes.some((c) => c.matches.length > MOST_MATCHES || c.matches.some(isLong));
  return full
    ? { ...door, classes, untellable: "its paths are more than the routes of one Server can hold" }
    : { ...door, classes };
}

function isLong({ path }: JsonObject): boolean {
  return isJsonObject(path) && typeof path["value"] === "string" && path["value"].length > LONGEST_PATH;
}

/** A route for each class of requests, with the policies of those who may make them; none where nobody may. */
export function requestObjects(door: JudgedDoor): KubeObject[] {
  return door.classes.flatMap((c) => classObjects(c, door));
}

function classObjects({ callers, suffix, probed, matches }: RequestClass, door: Door): KubeObject[] {
  const { namespace } = door.service;
  const name = `${door.name}-${suffix}`;
  const target: PolicyTarget = { kind: "HTTPRoute", name, namespace, mode: door.mode };
  const policies = probed
    ? policiesFor({ ...target, mode: "permissive" }, { ...callers, anyone: true })
    : policiesFor(target, callers);
  return [route(door, { name, matches }), ...policies];
}

/** One of Linkerd's own routes, which policies can name; those of the Gateway API are for callers. */
function route(door: Door, { name, matches }: { name: string; matches: readonly JsonObject[] }): KubeObject {
  const rules = Math.ceil(matches.length / MATCHES_IN_RULE);
  return kubeObject({
    apiVersion: `${POLICY}/v1beta3`,
    kind: "HTTPRoute",
    name,
    namespace: door.service.namespace,
    spec: {
      parentRefs: [{ group: POLICY, kind: "Server", name: door.name }],
      rules: Array.from({ length: rules }, (_, i) => ({
        matches: matches.slice(i * MATCHES_IN_RULE, (i + 1) * MATCHES_IN_RULE),
      })),
    },
  });
}

/** With a route at its Server, Linkerd no longer lets probes in by itself. */
function grantsOf(door: Door, site: Site): RequestGrant[] {
  const probes = site.options.probes.get(door.service.key) ?? [];
  return [
    ...requestAllows(door).map((a) => ({
      callers: callersOf([a], site),
      operations: a.operations,
      probes: false,
    })),
    ...(probes.length === 0
      ? []
      : [{ callers: together([]), operations: [{ methods: ["GET"], paths: probes }], probes: true }]),
  ];
}

function classesOf(grants: readonly RequestGrant[], parts: Parts): RequestClass[] | undefined {
  const told = parts.of(grants);
  if (told === undefined) return undefined;
  const classes = new Map<string, RequestClass>();
  for (const { grants: places, matches } of told) {
    const found = classOf(
      places.flatMap((i) => grants[i] ?? []),
      matches,
    );
    // Classes with the same callers are one.
    const known = classes.get(found.suffix);
    const all = known === undefined ? found : { ...known, matches: [...known.matches, ...matches] };
    classes.set(found.suffix, all);
  }
  return [...classes.values()];
}

function classOf(grants: readonly RequestGrant[], matches: readonly JsonObject[]): RequestClass {
  const callers = together(grants.filter((g) => !g.probes).map((g) => g.callers));
  const probed = grants.some((g) => g.probes);
  const suffix = grants.length === 0 ? "rest" : `${probed ? "probe-" : ""}${digestOf(callers)}`;
  return { callers, suffix, probed, matches };
}

function toldApart(grants: readonly RequestGrant[]): Told[] | undefined {
  const methods = [...new Set(grants.flatMap((g) => g.operations.flatMap((o) => o.methods)))].sort(byText);
  const told: Told[] = [];
  for (const method of [...methods, undefined]) {
    const parts = partition(pathGrants(grants, method));
    if (parts === undefined) return undefined;
    for (const part of parts) {
      const places = part.grants.map(Number);
      // Of two matches for the same path, the one with a method wins; what no grant names by it is left to the other.
      if (method !== undefined && !places.some((i) => nameMethod(grants[i], method))) continue;
      const matches = isRest(part, { method, parts }) ? [EVERYTHING] : matchesOf(part, method);
      told.push({ grants: places, matches });
    }
  }
  return told;
}

function nameMethod(grant: RequestGrant | undefined, method: string): boolean {
  return grant?.operations.some((o) => o.methods.includes(method)) ?? false;
}

/** A match of one character, which every other of the same path outdoes, but for the path `/`. */
const EVERYTHING: JsonObject = { path: { type: "PathPrefix", value: "/" } };

/** What nobody is allowed, if no other class of it has the path `/`. */
function isRest(
  { grants }: PathClass,
  { method, parts }: { readonly method: string | undefined; readonly parts: readonly PathClass[] },
): boolean {
  if (method !== undefined || grants.length > 0) return false;
  const others = parts.filter((p) => p.grants.length > 0);
  return !others.some((p) => p.regexes.some((regex) => matchesWhole(regex, "/")));
}

function pathGrants(grants: readonly RequestGrant[], method: string | undefined): PathGrant[] {
  return grants.flatMap(({ operations }, i) =>
    operations
      .filter((o) => o.methods.length === 0 || (method !== undefined && o.methods.includes(method)))
      .flatMap((o) => (o.paths.length === 0 ? ["*"] : o.paths))
      .map((pattern) => ({ grant: String(i), pattern })),
  );
}

function matchesOf({ regexes }: PathClass, method: string | undefined): JsonObject[] {
  return regexes.map((regex) => ({
    ...(method === undefined ? {} : { method }),
    path: LITERAL.test(regex)
      ? { type: "Exact", value: regex.slice(1, -1).replaceAll("\\", "") }
      : { type: "RegularExpression", value: regex },
  }));
}

/** A regular expression that is but one text. */
const LITERAL = /^\^\/(?:[A-Za-z0-9_/]|\\[^A-Za-z0-9\\])*\$$/;
