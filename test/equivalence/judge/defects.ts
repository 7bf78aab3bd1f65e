import { isJsonObject, type Json, type JsonObject } from "../../../lib";
import type { CapabilityId } from "../../../mesh/capability/ids";
import type { KubeObject, MeshPlan } from "../../../mesh/plan/types";

/** A fault that an adapter could have: one place of one kind of object is not as it should be. */
export interface Defect {
  readonly name: string;
  /** What an intent has to ask for to have such a place. */
  readonly asks: readonly CapabilityId[];
  readonly kind: string;
  /** Field names; `*` is any item of a list or any key. */
  readonly path: readonly string[];
  /** What stands there instead; `undefined` takes it away. Answers the same where there is nothing to spoil. */
  readonly change: (value: Json) => Json | undefined;
}

const gone = (): undefined => undefined;
const VS = "VirtualService";
const AP = "AuthorizationPolicy";

const lost = (name: string, asks: CapabilityId, [kind = "", ...path]: readonly string[]): Defect => ({
  ...{ name: `lost: ${name}`, asks: [asks], kind, path },
  change: gone,
});

const wrong = (
  name: string,
  asks: CapabilityId,
  { at: [kind = "", ...path], change }: { at: readonly string[]; change: Defect["change"] },
): Defect => ({ name: `wrong: ${name}`, asks: [asks], kind, path, change });

const text = (change: (value: string) => string) => (value: Json) =>
  typeof value === "string" ? change(value) : value;
const number = (change: (value: number) => number) => (value: Json) =>
  typeof value === "number" ? change(value) : value;
const MATCH = [VS, "http", "*", "match", "*"];

/** One for each thing that Istio's objects say of requests. */
export const defects: readonly Defect[] = [
  lost("a header match", "match.header.exact", [...MATCH, "headers", "*"]),
  lost("a regular header match", "match.header.regex", [...MATCH, "headers", "*"]),
  lost("a query match", "match.query.exact", [...MATCH, "queryParams", "*"]),
  lost("a method match", "match.method", [...MATCH, "method"]),
  lost("a cookie match", "match.cookie", [...MATCH, "headers", "cookie"]),
  lost("a path match", "match.path.exact", [...MATCH, "uri"]),
  lost("a rule", "match.path.exact", [VS, "http", "*"]),
  wrong("a prefix by characters", "match.path.prefix", {
    at: [...MATCH, "uri", "prefix"],
    change: text((t) => t.replace(/(.)\/$/, "$1")),
  }),
  wrong("an exact path as a prefix", "match.path.exact", {
    at: [...MATCH, "uri"],
    change: (uri) => (isJsonObject(uri) && typeof uri["exact"] === "string" ? { prefix: uri["exact"] } : uri),
  }),
  wrong("rules the other way round", "match.header.exact", {
    at: [VS, "http"],
    change: (list) => (Array.isArray(list) ? [...(list as Json[])].reverse() : list),
  }),
  lost("a backend", "backend.split", [VS, "http", "*", "route", "*"]),
  wrong("a weight", "backend.split", {
    at: [VS, "http", "*", "route", "*", "weight"],
    change: number((n) => 3 * n + 50),
  }),
  wrong("a version", "backend.version", {
    at: [VS, "http", "*", "route", "*", "destination", "subset"],
    change: text((t) => (t === "v2" ? "v3" : "v2")),
  }),
  lost("a version", "backend.version", [VS, "http", "*", "route", "*", "destination", "subset"]),
  wrong("a version's labels", "backend.version", {
    at: ["DestinationRule", "subsets", "*", "labels", "*"],
    change: text((t) => (t === "v1" ? "v2" : "v1")),
  }),
  lost("a timeout", "timeout.request", [VS, "http", "*", "timeout"]),
  wrong("a timeout", "timeout.request", { at: [VS, "http", "*", "timeout"], change: () => "0.3s" }),
  lost("retries", "retry.statusCodes", [VS, "http", "*", "retries", "retryOn"]),
  wrong("retries", "retry.statusCodes", {
    at: [VS, "http", "*", "retries", "attempts"],
    change: number((n) => (n === 0 ? 0 : n + 1)),
  }),
  wrong("no retries", "match.method", {
    at: [VS, "http", "*", "retries"],
    change: (value) =>
      isJsonObject(value) && value["attempts"] === 0 ? { attempts: 2, retryOn: "5xx" } : value,
  }),
  lost("a try's timeout", "retry.perTryTimeout", [VS, "http", "*", "retries", "perTryTimeout"]),
  lost("a delay", "fault.delay", [VS, "http", "*", "fault", "delay"]),
  wrong("a delay's share", "fault.delay", {
    at: [VS, "http", "*", "fault", "delay", "percentage", "value"],
    change: number((n) => (n > 60 ? 10 : 100)),
  }),
  lost("an abort", "fault.abort", [VS, "http", "*", "fault", "abort"]),
  wrong("an abort's status", "fault.abort", {
    at: [VS, "http", "*", "fault", "abort", "httpStatus"],
    change: number((n) => (n === 503 ? 500 : 503)),
  }),
  wrong("an abort's share", "fault.abort", {
    at: [VS, "http", "*", "fault", "abort", "percentage", "value"],
    change: number((n) => (n > 60 ? 10 : 100)),
  }),
  lost("a mirror", "mirror", [VS, "http", "*", "mirrors", "*"]),
  wrong("a mirror's share", "mirror.percent", {
    at: [VS, "http", "*", "mirrors", "*", "percentage", "value"],
    change: number((n) => (n > 40 ? 5 : 100)),
  }),
  lost("a request header", "headers.request", [VS, "http", "*", "headers", "request", "*"]),
  lost("a response header", "headers.response", [VS, "http", "*", "headers", "response", "*"]),
  lost("a rewritten path", "rewrite.path.prefix", [VS, "http", "*", "rewrite", "uri"]),
  wrong("a rewritten path", "rewrite.path.prefix", {
    at: [VS, "http", "*", "rewrite", "uri"],
    change: text((t) => `${t.replace(/\/$/, "")}/x/`),
  }),
  lost("a rewritten host", "rewrite.host", [VS, "http", "*", "rewrite", "authority"]),
  wrong("a redirect's status", "redirect", {
    at: [VS, "http", "*", "redirect", "redirectCode"],
    change: number((n) => (n === 301 ? 308 : 301)),
  }),
  lost("a redirect's host", "redirect", [VS, "http", "*", "redirect", "authority"]),
  wrong("strict as permissive", "mtls.strict", {
    at: ["PeerAuthentication", "mtls", "mode"],
    change: text((t) => (t === "STRICT" ? "PERMISSIVE" : t)),
  }),
  wrong("permissive as strict", "mtls.permissive", {
    at: ["PeerAuthentication", "mtls", "mode"],
    change: text((t) => (t === "PERMISSIVE" ? "STRICT" : t)),
  }),
  lost("a policy", "access.deny", [AP]),
  lost("a default", "authorization.defaultDeny", [AP]),
  wrong("a denial as an allowance", "access.deny", {
    at: [AP, "action"],
    change: text((t) => (t === "DENY" ? "ALLOW" : t)),
  }),
  lost("a rule of a policy", "access.allow", [AP, "rules", "*"]),
  lost("callers", "access.from.service", [AP, "rules", "*", "from"]),
  lost("callers by address", "access.from.ipBlocks", [AP, "rules", "*", "from"]),
  wrong("callers", "access.from.namespace", {
    at: [AP, "rules", "*", "from", "*", "source", "principals", "*"],
    change: text((t) => t.replace(/\/sa\/.*|\/\*$/, "/sa/nobody")),
  }),
  lost("operations", "access.methods", [AP, "rules", "*", "to"]),
  wrong("paths", "access.paths", {
    at: [AP, "rules", "*", "to", "*", "operation", "paths", "*"],
    change: text((t) => `${t.replace(/\*/g, "")}/nowhere`),
  }),
  wrong("methods", "access.methods", {
    at: [AP, "rules", "*", "to", "*", "operation", "methods", "*"],
    change: text((t) => (t === "GET" ? "PUT" : "GET")),
  }),
  lost("a token's claims", "access.jwt.claims", [AP, "rules", "*", "when"]),
  wrong("a token's claims", "access.jwt.claims", {
    at: [AP, "rules", "*", "when", "*", "values", "*"],
    change: text((t) => `${t}x`),
  }),
  lost("token checks", "access.jwt", ["RequestAuthentication"]),
  lost("an external service", "egress.external", ["ServiceEntry"]),
];

/** Every way in which a plan can have the defect, one place each. */
export function spoilt(plan: MeshPlan, { kind, path, change }: Defect): MeshPlan[] {
  return plan.steps.flatMap((step, s) => {
    const action = step.do;
    if (action.kind !== "objects") return [];
    return action.objects.flatMap((object, o) => {
      if (object.kind !== kind) return [];
      return spoiltObjects(object, path, change).map((changed): MeshPlan => {
        const objects = action.objects.flatMap((each, i) => (i === o ? changed : [each]));
        const steps = plan.steps.map((each, i) => (i === s ? { ...step, do: { ...action, objects } } : each));
        return { ...plan, steps };
      });
    });
  });
}

/** None where the whole object is gone. */
function spoiltObjects(
  object: KubeObject,
  path: readonly string[],
  change: Defect["change"],
): KubeObject[][] {
  if (path.length === 0) return [[]];
  const spec = object["spec"];
  if (!isJsonObject(spec)) return [];
  return variants(spec, path, change).map((changed) => [{ ...object, spec: (changed ?? {}) as JsonObject }]);
}

function variants(
  value: Json,
  [key, ...rest]: readonly string[],
  change: Defect["change"],
): (Json | undefined)[] {
  if (key === undefined) {
    const changed = change(value);
    return JSON.stringify(changed) === JSON.stringify(value) ? [] : [changed];
  }
  if (Array.isArray(value)) {
    const items: readonly Json[] = value;
    return items.flatMap((item, i) =>
      variants(item, rest, change).flatMap((changed) => {
        const left = items.flatMap((each, j) =>
          i === j ? (changed === undefined ? [] : [changed]) : [each],
        );
        return key === "*" ? [left] : [];
      }),
    );
  }
  if (!isJsonObject(value)) return [];
  return Object.keys(value)
    .filter((name) => key === "*" || key === name)
    .flatMap((name) =>
      variants(value[name] ?? null, rest, change).map((changed) => {
        const { [name]: taken, ...others } = value;
        void taken;
        return changed === undefined ? others : { ...value, [name]: changed };
      }),
    );
}
