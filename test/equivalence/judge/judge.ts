import { outcome as outcomeOf, type Outcome, type Request, type Treatment } from "../../../mesh/semantics";
import { acceptedRange } from "../../../verify/traffic/binomial";
import type { Reply } from "../lab/traffic/call";
import { expectedAnswers, FALSE_ALARM, misfits, namesFor, seenAnswers } from "./answers";
import type { Bench } from "./bench";
import { answeredHeaders, answerHeaders, misanswered, misdelivered } from "./delivery";
import { probe, type Observation } from "./probe";
import { read, usual } from "./habits";
import { hasBudget, misdelayed, retryProbes, timeoutProbe, unhurried, type RetryProbe } from "./treatment";

export type Judgement =
  | { readonly kind: "equal"; readonly outcome: Outcome }
  | { readonly kind: "different"; readonly outcome: Outcome; readonly faults: readonly string[] }
  | { readonly kind: "skipped"; readonly why: string };

const FEW = 3;
const MANY = 400;

/** Sends one request for real, as often as it takes, and says where what happens is not its outcome. */
export async function judge(asked: Request, bench: Bench): Promise<Judgement> {
  const request = bench.scene.placed(asked);
  const outcome = usual(outcomeOf(bench.intent, read(request, bench)), bench);
  if (outcome.kind === "undecided") return { kind: "skipped", why: "the intent does not decide" };
  const open = await bench.scene.entrance(request);
  if (open.kind === "skip") return { kind: "skipped", why: open.why };
  const treatment = treatmentOf(outcome);
  const { abort } = treatment.faults;
  if (abort?.status.protocol === "grpc" && request.call.kind !== "grpc")
    return { kind: "skipped", why: "what an HTTP call sees of a gRPC fault is each mesh's own" };
  const way = { lines: open.lines, bench };
  const sent = await probe(request, way, {
    count: isChance(outcome, treatment) ? MANY : FEW,
    steps: [{ kind: "answer", status: 200, headers: answerHeaders(treatment) }],
    copies: treatment.mirrors.length > 0,
  });
  const observations = unhurried(sent, treatment);
  const named = answeredHeaders(bench.intent);
  const faults = [
    ...answersFaults(outcome, observations, { request, bench }),
    ...misdelayed(observations, treatment),
    ...observations.flatMap((o) => misanswered(o, treatment, named)),
    ...(await tried(request, { outcome, treatment, way })),
  ];
  const unique = [...new Set(faults)];
  return unique.length === 0 ? { kind: "equal", outcome } : { kind: "different", outcome, faults: unique };
}

const NONE: Treatment = { faults: {}, mirrors: [] };

function treatmentOf(outcome: Outcome): Treatment {
  return "treatment" in outcome && outcome.treatment !== undefined ? outcome.treatment : NONE;
}

function isChance(outcome: Outcome, { faults, mirrors }: Treatment): boolean {
  const between = (share: number | undefined): boolean => share !== undefined && share > 0 && share < 1;
  return (
    (outcome.kind === "forwarded" && outcome.backends.length > 1) ||
    between(faults.delay?.share) ||
    (outcome.kind !== "aborted" && between(faults.abort?.share)) ||
    mirrors.some((m) => between(m.share))
  );
}

/** How else a connection comes to nothing. */
const ENDS: { readonly [reason: string]: readonly string[] } = {
  // The proxy says so to HTTP callers.
  egress: ["http status 502"],
  // The proxy lets it through to an address where nothing listens.
  "no-port": ["outside port 80"],
};

type Asked = { readonly request: Request; readonly bench: Bench };

function answersFaults(
  outcome: Outcome,
  observations: readonly Observation[],
  { request, bench }: Asked,
): string[] {
  const { call } = request;
  const names = namesFor(outcome, { intent: bench.intent, players: bench.scene.players });
  const seen = seenAnswers(observations, call, names.pod);
  if (outcome.kind === "passed") return misfits(new Map([["outside port 80", 1]]), seen, "answers");
  if (
    outcome.kind === "refused" &&
    ENDS[outcome.reason]?.some((end) => seen.get(end) === observations.length)
  )
    return [];
  const faults = misfits(expectedAnswers(outcome, call, names.backend), seen, "answers");
  const denied = outcome.kind !== "forwarded";
  return [
    ...faults,
    ...(denied && observations.some((o) => o.tries.length > 0)
      ? ["a backend saw what should not reach it"]
      : []),
    ...mirrorFaults(outcome, observations, names),
    ...deliveryFaults(outcome, observations, bench),
  ];
}

function isDenial(reply: Reply): boolean {
  if (reply.kind === "closed") return true;
  return reply.grpc === undefined ? [401, 403].includes(reply.status) : [7, 16].includes(reply.grpc);
}

function mirrorFaults(
  outcome: Outcome,
  observations: readonly Observation[],
  names: ReturnType<typeof namesFor>,
): string[] {
  const treatment = outcome.kind === "aborted" ? NONE : treatmentOf(outcome);
  // What a fault aborts is not copied.
  const sent = observations.filter(({ reply, tries }) => tries.length > 0 || isDenial(reply));
  const base = treatment.faults.abort === undefined ? observations : sent;
  const expected = new Map<string, readonly number[]>();
  for (const { service, version, port, share, verdict } of treatment.mirrors) {
    const key = names.backend(service, version, port);
    if (verdict.admitted) expected.set(key, [...(expected.get(key) ?? []), share]);
  }
  const counts = new Map<string, number>();
  for (const { slot, port } of base.flatMap((o) => o.copies)) {
    const key = names.pod(slot, port);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...new Set([...expected.keys(), ...counts.keys()])].flatMap((key) => {
    const shares = expected.get(key) ?? [0];
    // Mirrors of one backend draw each for itself, and so no more unevenly than by the mean of their shares.
    const draws = base.length * shares.length;
    const share = shares.reduce((sum, each) => sum + each, 0) / shares.length;
    const { least, most } = acceptedRange(draws, share, FALSE_ALARM);
    const count = counts.get(key) ?? 0;
    if (count >= least && count <= most) return [];
    return [`copies: ${key} ${count} of ${draws}, expected ${share.toFixed(4)} (${least} to ${most})`];
  });
}

function deliveryFaults(outcome: Outcome, observations: readonly Observation[], { scene }: Bench): string[] {
  if (outcome.kind !== "forwarded" || outcome.delivered === undefined) return [];
  const { delivered, backends } = outcome;
  return observations.flatMap(({ tries }) =>
    tries.flatMap((seen) => {
      const service = scene.players[seen.slot]?.service;
      const backend = backends.find((b) => b.service === service);
      return misdelivered(seen, delivered, backend?.token);
    }),
  );
}

type Way = { readonly lines: Parameters<typeof probe>[1]["lines"]; readonly bench: Bench };

/** How often it is tried, and for how long. Only requests that a rule sends on to somebody who takes them can tell. */
async function tried(
  request: Request,
  { outcome, treatment, way }: { outcome: Outcome; treatment: Treatment; way: Way },
): Promise<string[]> {
  const admitted = outcome.kind === "forwarded" && outcome.backends.every((b) => b.verdict.admitted);
  if (!admitted || request.call.kind === "connection") return [];
  const timeout = timeoutProbe(treatment);
  const probes = [...retryProbes(treatment), ...(timeout === undefined ? [] : [timeout])];
  const one = async ({ what, steps, count, check }: RetryProbe): Promise<string[]> => {
    const observations = await probe(request, way, { count, steps });
    const reached = observations.filter((o) => o.tries.length > 0);
    return check(reached).map((fault) => `${what}: ${fault}`);
  };
  const { intent, ground } = way.bench;
  if (!hasBudget(intent) && !ground.habits.fewRetriesAtOnce)
    return (await Promise.all(probes.map(one))).flat();
  // A budget is of all requests to a service: one after the other they leave each other room in it.
  return way.bench.oneByOne(async () => {
    const faults: string[] = [];
    for (const each of probes) faults.push(...(await one({ ...each, count: 1 })));
    return faults;
  });
}
