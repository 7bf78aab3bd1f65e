import { present } from "../../../lib";
import {
  isHttpLike,
  type Match,
  type NamedMatch,
  type Retry,
  type RetryOn,
  type Route,
  type ValueMatch,
} from "../../intent/types";
import { fromCharPrefixes, type CharEntry, type CharPath } from "../char-prefix";
import type { DraftService } from "../draft";
import type { Field } from "../field";
import { fromFirstMatch, type Action } from "../first-match";
import { RETRY_WORDS } from "../../intent/words";
import { headerChange } from "../headers";
import type { Item } from "../manifests";
import { splitCookies, startsWith } from "../matches";
import { byProtocol } from "../protocols";
import { durationOf, quoteRegex, trimPrefix, unquoteRegex } from "../values";
import type { Consul } from "./model";
import { backendsOf } from "./targets";

/** After this Envoy ends a request where a route says nothing. */
const DEFAULT_MS = 15_000;

/** The route of a service: its router's, or where it has none, what its splitter and its resolver make of it. */
export function routeOf(service: DraftService, consul: Consul): Route[] {
  const router = consul.routers.get(service.name);
  const own = { name: service.name, subset: undefined, namespace: service.namespace };
  const at = router?.spec.at ?? service.at;
  const target = { kind: "service" as const, service: service.key };
  const http = service.ports.length === 0 || service.ports.some((p) => isHttpLike(p.protocol));
  const field = (router ?? consul.splitters.get(service.name) ?? consul.resolvers.get(service.name))?.spec;
  if (field === undefined) return [];
  const backends = backendsOf({ ...own, field }, consul);
  const [only, second] = backends;
  const itself = only?.service === service.key && only.version === undefined && second === undefined;
  if (!http) return itself ? [] : [{ kind: "tcp", for: target, rules: [{ backends, at }], at }];
  const entries = router === undefined ? [] : entriesOf(router, consul);
  if (router === undefined && itself) return [];
  const rest: Action = { backends, mirrors: [], timeoutMs: DEFAULT_MS, at };
  const all = entries.some(isEverything) ? entries : [...entries, { ...everything(field), action: rest }];
  const [first] = all;
  if (all.length === 1 && first !== undefined && isPlain(first, service)) return [];
  const calls = service.ports.length > 0 && service.ports.every((p) => p.protocol === "grpc");
  const rules = fromFirstMatch(fromCharPrefixes(all, calls), consul.draft.losses);
  return byProtocol(rules, { http: !calls, grpc: calls }, consul.draft).map((said): Route =>
    said.kind === "grpc"
      ? { kind: "grpc", for: target, rules: said.rules, at }
      : { kind: "http", for: target, rules: said.rules, at },
  );
}

function everything(field: Field): Omit<CharEntry, "action"> {
  const match = { headers: [], query: [], cookies: [], at: field.at };
  return { match, path: { kind: "prefix", value: "/", field }, where: "" };
}

function isEverything({ path, match }: CharEntry): boolean {
  const { headers, query, cookies, method } = match;
  return (
    path.kind === "prefix" &&
    path.value === "/" &&
    method === undefined &&
    headers.length + query.length + cookies.length === 0
  );
}

function isPlain({ action }: CharEntry, { key }: DraftService): boolean {
  const { backends, timeoutMs, retry, headers, rewrite } = action;
  const [only, second] = backends;
  const itself = only?.service === key && only.version === undefined && second === undefined;
  return itself && [timeoutMs, retry, headers, rewrite].every((part) => part === undefined);
}

function entriesOf(router: Item, consul: Consul): CharEntry[] {
  return router.spec
    .get("routes")
    .items()
    .flatMap((route) => {
      const matches = matchesOf(route.get("match", "http"), route);
      const destination = route.get("destination");
      const place = {
        name: destination.get("service").text() ?? router.name,
        subset: destination.get("serviceSubset").text(),
        namespace: router.namespace,
        field: destination.there ? destination : route,
      };
      const action: Action = {
        backends: backendsOf(place, consul),
        mirrors: [],
        ...treatmentOf(destination),
        at: route.at,
      };
      const prefixRewrite = destination.get("prefixRewrite").text();
      return matches.map(({ path, match }) => ({
        path,
        match,
        action: { ...action, ...rewriteOf(prefixRewrite, path) },
        where: "",
      }));
    });
}

/** A prefix is rewritten to itself where it is to stay. */
export function rewriteOf(
  to: string | undefined,
  { kind, value }: Pick<CharPath, "kind" | "value">,
): Pick<Action, "rewrite"> {
  if (to === undefined || !to.startsWith("/")) return {};
  if (kind === "prefix" && trimPrefix(to) === trimPrefix(value)) return {};
  return {
    rewrite: { path: kind === "prefix" ? { kind: "prefix", value: to } : { kind: "full", value: to } },
  };
}

interface ReadMatch {
  readonly path: CharPath;
  readonly match: Omit<Match, "path">;
}

function matchesOf(field: Field, route: Field): ReadMatch[] {
  if (!field.there) {
    const { path, match } = everything(route);
    return [{ path, match }];
  }
  const headers = named(field.get("header"));
  const query = named(field.get("queryParam"));
  const methods = field.get("methods").texts();
  field.get("caseInsensitive").acceptIf(false);
  const path = pathOf(field);
  const [unread] = field.unread();
  if (unread !== undefined || headers === undefined || query === undefined) {
    route.lose({ message: "this route has a condition that an intent cannot say: it is left out" });
    return [];
  }
  const whole = headers.find((h) => h.name === ":path");
  const exact = exactBy(whole, path);
  const others = headers
    .filter((h) => h.name !== ":path")
    .map(({ name, match }) => ({ name: name === ":authority" ? "host" : name.toLowerCase(), match }));
  if (whole !== undefined && exact === undefined) {
    route.lose({
      message: "a path is matched by itself, in an intent, not as a header: this route is left out",
    });
    return [];
  }
  const parts = { ...splitCookies(others), query, at: field.at };
  const said = exact ?? path;
  if (methods.length === 0) return [{ path: said, match: parts }];
  return methods.map((method) => ({ path: said, match: { ...parts, method } }));
}

/** A path that is told by its prefix and by what the whole of it must be. */
function exactBy(whole: NamedMatch | undefined, path: CharPath): CharPath | undefined {
  const value =
    whole?.match.kind === "regex"
      ? unquoteRegex(whole.match.value.replace(/\(\\\?\.\*\)\?$/, ""))
      : undefined;
  return value === path.value ? { ...path, kind: "exact" } : undefined;
}

function pathOf(field: Field): CharPath {
  for (const [key, kind] of [
    ["pathExact", "exact"],
    ["pathPrefix", "prefix"],
    ["pathRegex", "regex"],
  ] as const) {
    const value = field.get(key).text();
    if (value !== undefined) return { kind, value, field: field.get(key) };
  }
  return { kind: "prefix", value: "/", field };
}

function named(field: Field): NamedMatch[] | undefined {
  const all = field.items().map((item): NamedMatch | undefined => {
    const name = item.get("name").text();
    item.get("invert").acceptIf(false);
    const match = valueOf(item);
    return name === undefined || match === undefined ? undefined : { name, match };
  });
  const known = all.flatMap((one) => one ?? []);
  return known.length === all.length ? known : undefined;
}

function valueOf(item: Field): ValueMatch | undefined {
  for (const kind of ["exact", "regex"] as const) {
    const value = item.get(kind).text();
    if (value !== undefined) return { kind, value };
  }
  const prefix = item.get("prefix").text();
  if (prefix !== undefined) return startsWith(prefix);
  const suffix = item.get("suffix").text();
  if (suffix !== undefined) return { kind: "regex", value: `.*${quoteRegex(suffix)}` };
  return item.get("present").flag() === true ? { kind: "regex", value: ".*" } : undefined;
}

function treatmentOf(destination: Field): Partial<Action> {
  const request = headerChange(destination.get("requestHeaders"));
  const response = headerChange(destination.get("responseHeaders"));
  const changed = [request, response].some((c) => c.set.length + c.add.length + c.remove.length > 0);
  return present({
    timeoutMs: timeoutOf(destination.get("requestTimeout")),
    retry: retryOf(destination),
    headers: changed ? { request, response } : undefined,
  });
}

/** Below zero there is none; nothing, or zero, leaves it to Envoy. */
export function timeoutOf(field: Field): number | undefined {
  if (field.text()?.startsWith("-") === true) return undefined;
  return durationOf(field) ?? DEFAULT_MS;
}

export function retryOf(field: Field): Retry | undefined {
  const retries = field.get("numRetries").number() ?? 0;
  const words = field.get("retryOn");
  const codes = field
    .get("retryOnStatusCodes")
    .items()
    .flatMap((code) => code.number() ?? []);
  const connect = field.get("retryOnConnectFailure").flag() === true;
  const written = words.texts();
  const strange = written.filter((word) => !RETRY_WORDS.some((w) => w === word));
  if (strange.length > 0) words.change(`an intent cannot retry on ${strange.join(", ")}`);
  const on: RetryOn[] = [
    ...RETRY_WORDS.filter((word) => written.includes(word) || (connect && word === "connect-failure")),
    ...codes.filter((code) => code >= 400 && code <= 599),
  ];
  return retries < 1 || on.length === 0 ? undefined : { retries: Math.min(100, Math.floor(retries)), on };
}
