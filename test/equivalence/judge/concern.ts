import { catalogue } from "../../../mesh/capability/catalogue";
import type { CapabilityId } from "../../../mesh/capability/ids";
import type { FieldPath } from "../../../lib";
import type { NormalizedIntent } from "../../../mesh/intent/types";
import type { Outcome, Request } from "../../../mesh/semantics";
import { mtlsMode } from "../../../mesh/semantics/mtls";

export type Uses = readonly { readonly id: CapabilityId; readonly at: FieldPath }[];

/** Every place where an intent asks for a capability. */
export function usesOf(intent: NormalizedIntent): Uses {
  return catalogue.flatMap(({ id, uses }) => uses(intent).map(({ at }) => ({ id, at })));
}

interface Pair {
  readonly intent: NormalizedIntent;
  readonly request: Request;
  readonly outcome: Outcome;
}

/**
 * The capabilities that had a part in an outcome: those that are asked for inside of what decided it, or by what it lies
 * in. Of a rule, matches that did not decide are left out.
 */
export function concerned(pair: Pair, uses: Uses): Set<CapabilityId> {
  const deciding = [...pair.outcome.because, ...verdicts(pair.outcome), ...wayIn(pair)];
  const matches = deciding.filter(isMatch);
  const counts = (at: FieldPath): boolean => {
    const own = matchOf(at);
    if (own !== undefined && matches.length > 0 && !matches.some((m) => within(own, m))) return false;
    const place = OF_WHOLE.includes(String(at.at(-1))) ? at.slice(0, -1) : at;
    return deciding.some((path) => within(place, path) || within(path, place));
  };
  return new Set(uses.filter(({ at }) => counts(at)).map(({ id }) => id));
}

/** Fields that say something of all that they stand beside. */
const OF_WHOLE = ["kind", "protocol", "exposure", "mode"];

function verdicts({ ...outcome }: Outcome): readonly FieldPath[] {
  if (outcome.kind !== "forwarded") return [];
  const all = [...outcome.backends, ...outcome.treatment.mirrors].map((b) => b.verdict);
  return all.flatMap((v) => [...v.because, ...v.audited]);
}

/** The listener that took the request, or the port's mutual TLS; and whose certificates prove it. */
function wayIn({ intent, request: { to, from } }: Pair): readonly FieldPath[] {
  if (to.kind === "external") return [];
  const identity: FieldPath[] = from.kind === "unmeshed" ? [] : [["mtls", "trustDomain"]];
  if (to.kind === "service") {
    const service = intent.services.find((s) => s.key === to.service);
    return service === undefined ? identity : [...identity, mtlsMode(service, to.port, intent).because];
  }
  const gateway = intent.gateways.find((g) => g.name === to.gateway);
  const listeners = gateway?.listeners.filter((l) => l.port === to.port) ?? [];
  return listeners.flatMap((l) => [l.at, ...(gateway === undefined ? [] : [[...gateway.at, "exposure"]])]);
}

const isMatch = (path: FieldPath): boolean => path.length > 0 && matchOf(path)?.length === path.length;

/** The part of a path up to the match that it lies in. */
function matchOf(path: FieldPath): FieldPath | undefined {
  const at = path.indexOf("match");
  return at === -1 || path.length <= at + 1 ? undefined : path.slice(0, at + 2);
}

function within(path: FieldPath, outer: FieldPath): boolean {
  return outer.length > 0 && outer.every((part, i) => part === path[i]);
}
