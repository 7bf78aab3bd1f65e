import { capabilityIds, type CapabilityId } from "../../../mesh/capability/ids";
import type { Dice } from "./dice";

/** Who signs certificates, other than the mesh itself. */
const AUTHORITIES = capabilityIds.filter((id) => id.startsWith("mtls.ca."));

/** Sets of which an intent can only ask for one at a time. */
export const EXCLUSIVE: readonly (readonly CapabilityId[])[] = [
  ["authorization.defaultDeny", "authorization.defaultAllow"],
  ["egress.deny", "egress.allow"],
  AUTHORITIES,
];

/** What every intent asks for: one of each. */
const ALWAYS: readonly (readonly CapabilityId[])[] = [
  ["mtls.strict", "mtls.permissive"],
  ["authorization.defaultDeny", "authorization.defaultAllow"],
];

const REQUESTS: readonly CapabilityId[] = ["route.http", "route.grpc"];
/** Something by which a rule leaves room for others. */
const MATCHES = capabilityIds.filter((id) => /^match\.(path|method|header|query|cookie)/.test(id));
const ACCESS: readonly CapabilityId[] = ["access.allow", "access.deny", "access.audit"];
const LISTENER: readonly CapabilityId[] = [
  "gateway.http",
  "gateway.https",
  "gateway.grpc",
  "gateway.tls",
  "gateway.tcp",
];
const EXPOSURE: readonly CapabilityId[] = [
  "gateway.exposure.public",
  "gateway.exposure.internal",
  "gateway.exposure.cluster",
];
const OVERRIDE: readonly CapabilityId[] = [
  "mtls.override.service",
  "mtls.override.port",
  "mtls.override.namespace",
];

/** What else an intent asks for that asks for something: of each list, one. All patterns that fit an id count. */
const NEEDS: readonly (readonly [RegExp, readonly (readonly CapabilityId[])[]])[] = [
  [/^match\.(path|method|query|cookie)/, [["route.http"]]],
  [/^match\.header/, [REQUESTS]],
  [/^match\.grpc/, [["route.grpc"]]],
  [/^backend/, [[...REQUESTS, "route.tcp", "route.tls"]]],
  [/^(timeout|retry|fault|mirror|headers)/, [REQUESTS]],
  [/^retry\./, [["retry"]]],
  [/^mirror\./, [["mirror"]]],
  [/^(rewrite|redirect)/, [["route.http"]]],
  [/^redirect$/, [MATCHES]],
  [/^redirect\./, [["redirect"]]],
  [/\.path\.prefix$/, [["match.path.prefix"]]],
  [/^traffic\.rateLimit\.bySource/, [["traffic.rateLimit.proxy", "traffic.rateLimit.global"]]],
  [/^mtls\.override/, [["mtls.strict", "mtls.permissive"]]],
  [/^access\.(ports|methods|paths|from|jwt)/, [ACCESS]],
  [/^access\.from\.gateway/, [LISTENER]],
  [/^access\.jwt$/, [["jwt.inlineKeys", "jwt.remoteKeys"]]],
  [/^access\.jwt\.claims|^jwt/, [["access.jwt"]]],
  [/^gateway\.(http|https|grpc|tls|tcp)$/, [EXPOSURE]],
  [/^gateway\.https?$/, [["route.http"]]],
  [/^gateway\.grpc$/, [["route.grpc"]]],
  [/^gateway\.tls$/, [["route.tls"]]],
  [/^gateway\.tcp$/, [["route.tcp"]]],
  [/^gateway\.exposure/, [LISTENER]],
  [/^egress\.external/, [["egress.deny", "egress.allow"]]],
  [/^egress\.external\.wildcard/, [["egress.external"]]],
  [/^telemetry\.accessLogs\.errors/, [["telemetry.accessLogs"]]],
  [/^(federation\.|service\.clusters)/, [["federation"]]],
  [/^federation\.sharedRoot/, [AUTHORITIES]],
];

function needsOf(id: CapabilityId): readonly (readonly CapabilityId[])[] {
  return NEEDS.flatMap(([pattern, needs]) => (pattern.test(id) ? needs : []));
}

/**
 * What to ask for so as to ask for what is wanted: all that it needs, one of what excludes one another, nothing that is
 * not allowed. What needs something that is not allowed is left out.
 */
export function closure(
  wanted: readonly CapabilityId[],
  allowed: ReadonlySet<CapabilityId>,
  dice: Dice,
): ReadonlySet<CapabilityId> {
  const all = new Set<CapabilityId>();
  for (const id of wanted) {
    const added = withNeeds(id, { all, allowed, dice });
    added?.forEach((each) => all.add(each));
  }
  for (const set of ALWAYS) {
    if (!set.some((id) => all.has(id))) all.add(dice.pick(set.filter((id) => allowed.has(id))));
  }
  // Where nothing is allowed nothing else is seen to work.
  const closed = all.has("authorization.defaultDeny") && !all.has("access.allow");
  if (closed && allowed.has("access.allow") && dice.chance(0.8)) all.add("access.allow");
  // Permissive beside strict is an exception to it, which needs a place.
  if (all.has("mtls.strict") && all.has("mtls.permissive") && !OVERRIDE.some((id) => all.has(id))) {
    const places = OVERRIDE.filter((id) => allowed.has(id));
    if (places.length > 0) all.add(dice.pick(places));
    else all.delete("mtls.permissive");
  }
  return all;
}

/** The id and what it needs; undefined where it cannot be had beside what is there. */
function withNeeds(
  id: CapabilityId,
  { all, allowed, dice }: { all: ReadonlySet<CapabilityId>; allowed: ReadonlySet<CapabilityId>; dice: Dice },
): Set<CapabilityId> | undefined {
  const added = new Set<CapabilityId>();
  const open: CapabilityId[] = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const asked = next;
    if (all.has(asked) || added.has(asked)) continue;
    const rivals = EXCLUSIVE.filter((set) => set.includes(asked)).flat();
    if (!allowed.has(asked) || rivals.some((r) => r !== asked && (all.has(r) || added.has(r))))
      return undefined;
    added.add(asked);
    for (const choices of needsOf(asked)) {
      if (choices.some((c) => all.has(c) || added.has(c))) continue;
      const possible = choices.filter((c) => allowed.has(c));
      if (possible.length === 0) return undefined;
      open.push(dice.pick(possible));
    }
  }
  return added;
}

/** The capabilities of which any two meet in generated intents: what is done to requests, and who may make them. */
export const MEETING: readonly CapabilityId[] = capabilityIds.filter((id) =>
  /^(route|match|backend|timeout|retry|fault|mirror|headers|rewrite|redirect|traffic|mtls\.(strict|permissive|override)|authorization|access|jwt|externalAuthorization|gateway|egress)\b/.test(
    id,
  ),
);

/** Whether an intent can ask for two things, everything being allowed. */
export function canMeet(a: CapabilityId, b: CapabilityId): boolean {
  return !EXCLUSIVE.some((set) => set.includes(a) && set.includes(b));
}
