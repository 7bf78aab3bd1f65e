import { byText, groupBy, present, type FieldPath } from "../../lib";
import type { Backend, Mirror, NormalizedIntent, TcpRule } from "../intent/types";
import { verdictOf } from "./access";
import type { Identity } from "./identity";
import { eachOnce } from "./place";
import { delivered, location } from "./rewrite";
import type { Seen } from "./request";
import { ANY_PATH, type Chosen } from "./select";
import { tokenArrives } from "./token";
import { treatmentOf, untreated } from "./treatment";
import type {
  BackendShare,
  Delivered,
  Denial,
  Denied,
  MirrorShare,
  Outcome,
  Request,
  Treatment,
  Verdict,
} from "./types";

/** A request on its way, once it is known who sends it on and where it came in. */
export interface Journey {
  readonly intent: NormalizedIntent;
  readonly request: Request;
  /** Absent for connections. */
  readonly seen?: Seen;
  /** Whom backends take for the caller. */
  readonly identity: Identity;
  readonly origin: { readonly scheme: "http" | "https"; readonly port: number };
}

/** What a rule does with a request that it was chosen for. */
export function follow({ kind, rule, path, because }: Chosen, seen: Seen, journey: Journey): Outcome {
  const { rewrite, redirect, headers } = rule;
  const arriving = delivered(seen, { rewrite, headers: headers?.request, path });
  // A redirect sends nothing on that could be copied.
  const copied = redirect === undefined ? rule.mirrors : [];
  const mirrors = copied.map((mirror) => mirrorShare(mirror, arriving, journey));
  const treatment = treatmentOf(rule, { protocol: kind, mirrors });
  const { abort } = treatment.faults;
  if (abort?.share === 1) return { kind: "aborted", status: abort.status, treatment, because };
  if (redirect !== undefined) {
    const target = location(redirect, { request: seen, path, origin: journey.origin });
    return { kind: "redirected", status: redirect.status, location: target, treatment, because };
  }
  return conclude(shares(rule.backends, arriving, journey), { delivered: arriving, treatment, because });
}

/** Straight to a port of a service, with no rule between. */
export function direct(service: string, port: number, journey: Journey): Outcome {
  const seen = journey.seen;
  const arriving = seen === undefined ? undefined : delivered(seen, { path: ANY_PATH });
  const backend = { service, port, weight: 1 };
  const way = { ...present({ delivered: arriving }), treatment: untreated, because: [] };
  return conclude(shares([backend], arriving, journey), way);
}

/** What a rule of connections does with one. */
export function connect({ backends, at }: TcpRule, journey: Journey): Outcome {
  return conclude(shares(backends, undefined, journey), { treatment: untreated, because: [at] });
}

interface Way {
  readonly delivered?: Delivered;
  readonly treatment: Treatment;
  readonly because: readonly FieldPath[];
}

/** Denied where every backend denies alike, forwarded otherwise. */
function conclude(backends: readonly BackendShare[], way: Way): Outcome {
  const denials = backends.flatMap(({ verdict }) => (verdict.admitted ? [] : [verdict]));
  const [first] = denials;
  const alike = denials.length === backends.length && denials.every((d) => d.status === first?.status);
  if (first !== undefined && alike) return denied(first, denials, way);
  // No rule has weights that sum to 0, and none but redirects lacks backends; a proxy would have nowhere to go.
  if (backends.length === 0) {
    return { kind: "aborted", status: { protocol: "http", code: 500 }, ...way };
  }
  return { kind: "forwarded", backends, ...way };
}

function denied({ reason, status }: Denial, denials: readonly Denial[], way: Way): Denied {
  return {
    kind: "denied",
    ...present({ status }),
    reason,
    because: eachOnce([...denials.flatMap((d) => d.because), ...way.because]),
    audited: eachOnce(denials.flatMap((d) => d.audited)),
    ...(way.because.length === 0 ? {} : { treatment: way.treatment }),
  };
}

type Target = Pick<Backend, "service" | "version" | "port">;

/** The backends by their share of the rule's weights; those that are the same are one, those without weight none. */
function shares(
  backends: readonly (Target & { readonly weight: number })[],
  arriving: Delivered | undefined,
  journey: Journey,
): BackendShare[] {
  const total = backends.reduce((sum, { weight }) => sum + weight, 0);
  const weighted = backends.filter(({ weight }) => weight > 0);
  const merged = groupBy(weighted, ({ service, version = "", port }) => `${service} ${version} ${port}`);
  return [...merged]
    .sort(([a], [b]) => byText(a, b))
    .flatMap(([, [first, ...others]]) => {
      if (first === undefined) return [];
      const weight = others.reduce((sum, other) => sum + other.weight, first.weight);
      const { service, version, port = 0 } = first;
      const token = tokenArrives(journey.request.token, service, journey.intent) && arriving !== undefined;
      const verdict = verdictAt(first, arriving, journey);
      return [{ service, ...present({ version }), port, share: weight / total, verdict, token }];
    });
}

function mirrorShare(mirror: Mirror, arriving: Delivered, journey: Journey): MirrorShare {
  const { service, version, port = 0, percent } = mirror;
  const verdict = verdictAt(mirror, arriving, journey);
  return { service, ...present({ version }), port, share: percent / 100, verdict };
}

function verdictAt(target: Target, arriving: Delivered | undefined, journey: Journey): Verdict {
  const { intent, identity, request } = journey;
  const service = intent.services.find((s) => s.key === target.service);
  // References of a checked intent resolve; of any other nobody is there to admit anything.
  if (service === undefined) return { admitted: false, reason: "default", because: [], audited: [] };
  const { token, externalAuthorization = "allow" } = request;
  const inside = arriving && { method: arriving.method, path: arriving.path.replace(/\?.*$/, "") };
  const arrival = { identity, service, port: target.port ?? 0, externalAuthorization };
  return verdictOf({ ...arrival, ...present({ request: inside, token }) }, intent);
}
