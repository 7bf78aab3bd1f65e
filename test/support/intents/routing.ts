import type { CapabilityId } from "../../../mesh/capability/ids";
import { backendAt, OTHER, type Draft, type HttpRule, type WrittenBackend, type WrittenMatch } from "./draft";
import {
  COOKIES,
  EXACT_PATHS,
  HEADERS,
  METHODS,
  PARAMETERS,
  PATH_REGEXES,
  PREFIXES,
  VALUE_REGEXES,
  VALUES,
} from "./values";

const OF_MATCHES = /^match\.(path|method|header|query|cookie)/;
const OF_RULES: readonly CapabilityId[] = [
  "timeout.request",
  "retry",
  "fault.delay",
  "fault.abort",
  "mirror",
  "headers.request",
  "headers.response",
  "rewrite.host",
];
const OF_PATHS: readonly CapabilityId[] = ["rewrite.path.prefix", "rewrite.path.full"];

/** A rule in the making: what it is to do, and what its matches are to look at. */
interface Sketch {
  readonly does: Set<CapabilityId>;
  /** Each list is a match. */
  readonly matches: CapabilityId[][];
}

/**
 * Rules for requests to a service with everything that is wanted in them, so that any two of it meet in one rule of
 * most intents. What cannot stand in one rule gets rules of its own.
 */
export function httpRules(draft: Draft, service: string, wanted: readonly CapabilityId[]): HttpRule[] {
  const { dice } = draft;
  const sketches = sketchRules(draft, wanted);
  const seen = new Set<string>();
  const rules = sketches.flatMap((sketch) => freshRule(draft, service, { sketch, seen }));
  const rest = freshRule(draft, service, { sketch: sketchOf(), seen });
  const all = [...(dice.chance(0.5) ? dice.shuffled(rules) : rules), ...(dice.chance(0.6) ? rest : [])];
  return (all.length === 0 ? rest : all).map((rule, i) =>
    dice.chance(0.3) ? { name: `rule-${i}`, ...rule } : rule,
  );
}

const TRIES = 40;

/** A rule with matches that no other has: an equal one in a later rule would never hold. None where it cannot be had. */
function freshRule(
  draft: Draft,
  service: string,
  { sketch, seen }: { sketch: Sketch; seen: Set<string> },
): HttpRule[] {
  for (let i = 0; i < TRIES; i++) {
    const rule = ruleOf(draft, service, sketch);
    const keys = (rule.match ?? [{}]).map((m) => JSON.stringify(m));
    if (keys.some((key) => seen.has(key)) || new Set(keys).size < keys.length) continue;
    keys.forEach((key) => seen.add(key));
    return [rule];
  }
  return [];
}

function sketchRules({ dice, wants }: Draft, wanted: readonly CapabilityId[]): Sketch[] {
  const main = sketchOf();
  const others = Array.from({ length: dice.int(0, 2) }, () => sketchOf());
  for (const id of OF_RULES.filter((each) => wanted.includes(each))) {
    main.does.add(id);
    if (others.length > 0 && dice.chance(0.2)) dice.pick(others).does.add(id);
  }
  OF_PATHS.filter((each) => wanted.includes(each)).forEach((id, i) => {
    if (i === 0) main.does.add(id);
    else others.push(sketchOf(id));
  });
  if (wanted.includes("redirect")) others.push(sketchOf("redirect"));

  const sketches = [main, ...others];
  const onlyPrefixes = ({ does }: Sketch): boolean =>
    does.has("rewrite.path.prefix") || (does.has("redirect") && wants("redirect.path.prefix"));
  const kinds = dice.shuffled(wanted.filter((each) => OF_MATCHES.test(each)));
  for (const id of kinds) {
    const chosen = dice.chance(0.7) ? main : dice.pick(sketches);
    if (isPath(id)) {
      const takes = (s: Sketch): boolean => id === "match.path.prefix" || !onlyPrefixes(s);
      let sketch = [chosen, ...sketches].find(takes);
      if (sketch === undefined) sketches.push((sketch = sketchOf()));
      placePath(id, sketch);
    } else {
      dice.pick(chosen.matches).push(id);
      // In the main rule too, where it meets what the rule does.
      if (chosen !== main) dice.pick(main.matches).push(id);
    }
  }
  // One rule may be for everything; any other needs something to look at.
  for (const sketch of others.filter((s) => s.does.size > 0 && s.matches.flat().length === 0)) {
    const fitting = kinds.filter((id) => !isPath(id) || id === "match.path.prefix" || !onlyPrefixes(sketch));
    if (fitting.length > 0) sketch.matches[0]?.push(dice.pick(fitting));
  }
  return sketches;
}

function sketchOf(...does: CapabilityId[]): Sketch {
  return { does: new Set(does), matches: [[]] };
}

function isPath(id: CapabilityId): boolean {
  return id.startsWith("match.path.");
}

/** A match has one path, so a second one makes a second match. */
function placePath(id: CapabilityId, { matches }: Sketch): void {
  const free = matches.find((m) => !m.some(isPath));
  if (free === undefined) matches.push([id]);
  else free.push(id);
}

function ruleOf(draft: Draft, service: string, { does, matches }: Sketch): HttpRule {
  const { dice, wants } = draft;
  const replaces = does.has("rewrite.path.prefix") || (does.has("redirect") && wants("redirect.path.prefix"));
  const match = matches.map((ids) => matchOf(draft, ids, replaces));
  const plain = match.length === 1 && Object.keys(match[0] ?? {}).length === 0;
  const written = plain && dice.chance(0.5) ? {} : { match };
  if (does.has("redirect")) return { ...written, redirect: redirectOf(draft) };
  const rewrite = rewriteOf(draft, does);
  return {
    ...written,
    backends: backends(draft, service),
    ...requestParts(draft, service, { does, statuses: [503, 500, 418, 429] }),
    ...(rewrite === undefined ? {} : { rewrite }),
  };
}

function matchOf({ dice, wants }: Draft, ids: readonly CapabilityId[], replaces: boolean): WrittenMatch {
  const match: WrittenMatch = {};
  const value = (exact: boolean) =>
    exact ? { exact: dice.pick(VALUES) } : { regex: dice.pick(VALUE_REGEXES).regex };
  for (const id of ids) {
    if (id === "match.path.exact") match.path = { exact: dice.pick(EXACT_PATHS) };
    if (id === "match.path.prefix") match.path = { prefix: dice.pick(PREFIXES) };
    if (id === "match.path.regex") match.path = { regex: dice.pick(PATH_REGEXES).regex };
    if (id === "match.method") match.method = dice.pick(METHODS);
    const exact = id.endsWith(".exact") || (id === "match.cookie" && dice.chance(0.6));
    if (id.startsWith("match.header"))
      match.headers = { ...match.headers, [freeName(match.headers, HEADERS)]: value(exact) };
    if (id.startsWith("match.query"))
      match.query = { ...match.query, [freeName(match.query, PARAMETERS)]: value(exact) };
    if (id === "match.cookie")
      match.cookies = { ...match.cookies, [freeName(match.cookies, COOKIES)]: value(exact) };
  }
  if (replaces && match.path === undefined && wants("match.path.prefix"))
    match.path = { prefix: dice.pick(PREFIXES) };
  return match;
}

function freeName(taken: object | undefined, names: readonly string[]): string {
  return names.find((name) => !(name in (taken ?? {}))) ?? `x-${Object.keys(taken ?? {}).length}`;
}

/** One backend, or several with weights where traffic is to be split. */
export function backends(draft: Draft, service: string): WrittenBackend[] {
  const { dice, wants, intent } = draft;
  const versioned = intent.services[service]?.versions !== undefined;
  const version = (name: string) => (versioned ? { version: name } : {});
  const first = backendAt(draft, service, !wants("backend.split") || dice.chance(0.85) ? version("v1") : {});
  if (!wants("backend.split")) return [first];
  const [a, b] = dice.pick([
    [1, 1],
    [80, 20],
    [95, 5],
    [3, 1],
  ] as const);
  const elsewhere = service.startsWith("data/") || service.endsWith("quotes") ? service : OTHER;
  const second = versioned ? backendAt(draft, service, { version: "v2" }) : backendAt(draft, elsewhere);
  const third = backendAt(draft, elsewhere, wants("backend.version") ? { version: "v3" } : {});
  const two = [
    { ...first, weight: a },
    { ...second, weight: b },
  ];
  return dice.chance(0.3) && elsewhere !== service ? [...two, { ...third, weight: dice.pick([0, 1]) }] : two;
}

/** What rules of HTTP and of gRPC have in common. */
export function requestParts(
  draft: Draft,
  service: string,
  { does, statuses }: { does: ReadonlySet<CapabilityId>; statuses: readonly number[] },
): Pick<HttpRule, "timeout" | "retry" | "fault" | "mirror" | "headers"> {
  const { dice } = draft;
  const percent = (): number => dice.pick([100, 50, 25, 0.5]);
  const fault = {
    ...(does.has("fault.delay")
      ? { delay: { percent: percent(), duration: dice.pick(["200ms", "500ms"]) } }
      : {}),
    ...(does.has("fault.abort") ? { abort: { percent: percent(), status: dice.pick(statuses) } } : {}),
  };
  const headers = {
    ...(does.has("headers.request") ? { request: headerChange(draft) } : {}),
    ...(does.has("headers.response") ? { response: headerChange(draft) } : {}),
  };
  return {
    ...(does.has("timeout.request") ? { timeout: dice.pick(["2s", "3s"]) } : {}),
    ...(does.has("retry") ? { retry: retryOf(draft) } : {}),
    ...(Object.keys(fault).length === 0 ? {} : { fault }),
    ...(does.has("mirror") ? { mirror: mirrorsOf(draft, service) } : {}),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
  };
}

/** All tries fit into the shortest timeout above. */
function retryOf({ dice, wants }: Draft): NonNullable<HttpRule["retry"]> {
  const conditions = [
    "5xx",
    "gateway-error",
    "connect-failure",
    "reset",
    "refused-stream",
    "retriable-4xx",
  ] as const;
  const named = dice.some(conditions, 0.4);
  const statuses = wants("retry.statusCodes") ? [dice.pick([503, 429, 418])] : [];
  const on = [...named, ...statuses];
  return {
    retries: dice.int(1, 3),
    ...(on.length === 0 ? {} : { on }),
    ...(wants("retry.perTryTimeout") ? { perTryTimeout: dice.pick(["250ms", "400ms"]) } : {}),
    ...(wants("retry.backoff") ? { backoff: dice.pick(["10ms", "25ms"]) } : {}),
    ...(wants("retry.budget") ? { budget: { percent: dice.pick([20, 50]) } } : {}),
  };
}

function mirrorsOf(draft: Draft, service: string): NonNullable<HttpRule["mirror"]> {
  const { dice, wants } = draft;
  const percent = () => (wants("mirror.percent") ? { percent: dice.pick([50, 10, 0.5]) } : {});
  const version = wants("backend.version") ? { version: "v3" } : {};
  const mirror = { ...backendAt(draft, service, version), ...percent() };
  if (!wants("mirror.several")) return [mirror];
  const elsewhere = service.endsWith("quotes") ? service : OTHER;
  return [
    mirror,
    { ...backendAt(draft, elsewhere, wants("backend.version") ? { version: "v2" } : {}), ...percent() },
  ];
}

function headerChange({ dice }: Draft): {
  set?: Record<string, string>;
  add?: Record<string, string>;
  remove?: string[];
} {
  const set = { set: { "x-set": dice.pick(VALUES) } };
  const add = { add: { [dice.pick(["x-added", "X-Version"])]: dice.pick(VALUES) } };
  const remove = { remove: [dice.pick(["x-tester", "X-Gone"])] };
  const [first, ...rest] = dice.shuffled([set, add, remove]);
  return Object.assign({}, first, ...dice.some(rest, 0.5)) as ReturnType<typeof headerChange>;
}

function rewriteOf({ dice }: Draft, does: ReadonlySet<CapabilityId>): HttpRule["rewrite"] {
  if (![...does].some((id) => id.startsWith("rewrite."))) return undefined;
  return {
    ...(does.has("rewrite.host") ? { host: dice.pick(["inner.example.com", "cart.internal"]) } : {}),
    ...(does.has("rewrite.path.prefix") ? { prefix: dice.pick(["/", "/v2", "/inner/api"]) } : {}),
    ...(does.has("rewrite.path.full") ? { path: dice.pick(["/", "/whole/path"]) } : {}),
  };
}

function redirectOf({ dice, wants }: Draft): NonNullable<HttpRule["redirect"]> {
  const prefix = wants("redirect.path.prefix");
  const parts = {
    ...(dice.chance(0.5) ? { scheme: dice.pick(["http", "https"] as const) } : {}),
    ...(dice.chance(0.5) ? { port: dice.pick([80, 443, 8443]) } : {}),
    ...(prefix
      ? { prefix: dice.pick(["/", "/new"]) }
      : dice.chance(0.5)
        ? { path: dice.pick(["/", "/moved/here"]) }
        : {}),
    ...(dice.chance(0.7) ? { status: dice.pick([301, 302, 303, 307, 308] as const) } : {}),
  };
  return { ...(dice.chance(0.6) || !("path" in parts) ? { host: "www.example.com" } : {}), ...parts };
}
