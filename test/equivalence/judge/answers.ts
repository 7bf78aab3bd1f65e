import type { NormalizedIntent } from "../../../mesh/intent/types";
import { answers, statusSeenBy, type Answer, type Call, type Outcome } from "../../../mesh/semantics";
import { acceptedRange } from "../../../verify/traffic/binomial";
import { POD } from "../lab/traffic/script";
import type { Player } from "../lab/ground";
import type { Observation } from "./probe";

/** Chance that a right share is called wrong, at one count. */
export const FALSE_ALARM = 1e-9;

/** What was counted, where it does not fit what was expected. */
export function misfits(
  expected: ReadonlyMap<string, number>,
  seen: ReadonlyMap<string, number>,
  what: string,
): string[] {
  const total = [...seen.values()].reduce((sum, n) => sum + n, 0);
  return [...new Set([...expected.keys(), ...seen.keys()])].flatMap((key) => {
    const share = Math.min(1, expected.get(key) ?? 0);
    const range = acceptedRange(total, share, FALSE_ALARM);
    const count = seen.get(key) ?? 0;
    if (count >= range.least && count <= range.most) return [];
    return [
      `${what}: ${key} ${count} of ${total}, expected ${share.toFixed(4)} (${range.least} to ${range.most})`,
    ];
  });
}

/** What the caller may see, by name, with its share. */
export function expectedAnswers(
  outcome: Outcome,
  call: Call,
  name: BackendName,
): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  for (const { share, answer } of answers(outcome)) {
    const key = answerName(answer, call, name);
    all.set(key, (all.get(key) ?? 0) + share);
  }
  return all;
}

function answerName(answer: Answer["answer"], call: Call, name: BackendName): string {
  switch (answer.kind) {
    case "closed":
      return "closed";
    case "status": {
      const { protocol, code } = statusSeenBy(call, answer.status);
      return `${protocol} status ${code}${answer.location === undefined ? "" : ` to ${answer.location}`}`;
    }
    case "backend":
      return name(answer.service, answer.version, answer.port);
  }
}

export function seenAnswers(
  observations: readonly Observation[],
  call: Call,
  pods: PodName,
): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  for (const observation of observations) {
    const key = seenAnswer(observation, call, pods);
    all.set(key, (all.get(key) ?? 0) + 1);
  }
  return all;
}

export function seenAnswer({ reply, tries }: Observation, call: Call, pods: PodName): string {
  if (reply.kind === "closed") return "closed";
  const last = tries.at(-1);
  if (last !== undefined && isBackends({ reply, tries })) return pods(last.slot, last.port);
  if (call.kind === "grpc") return `grpc status ${reply.grpc ?? `missing in an answer with ${reply.status}`}`;
  const location = reply.headers.find(([name]) => name === "location")?.[1];
  return `http status ${reply.status}${location === undefined ? "" : ` to ${location}`}`;
}

/** A backend gave the answer, not a proxy in its place. */
export function isBackends({ reply }: Pick<Observation, "reply" | "tries">): boolean {
  if (reply.kind === "closed") return false;
  return reply.body.startsWith('{"slot"') || reply.headers.some(([name]) => name === POD);
}

export type BackendName = (service: string, version: string | undefined, port: number) => string;
export type PodName = (slot: number, targetPort: number) => string;

/**
 * Names of backends as an outcome has them, and of the pods that played them. A service that the outcome names anywhere
 * without a version has one name for all of its pods.
 */
export function namesFor(
  outcome: Outcome,
  { intent, players }: { intent: NormalizedIntent; players: readonly Player[] },
): { readonly backend: BackendName; readonly pod: PodName } {
  const targets = [
    ...(outcome.kind === "forwarded" ? outcome.backends : []),
    ...("treatment" in outcome ? (outcome.treatment?.mirrors ?? []) : []),
  ];
  const mixed = new Set(targets.filter((t) => t.version === undefined).map((t) => t.service));
  const backend: BackendName = (service, version, port) => {
    const target = intent.services
      .find((s) => s.key === service)
      ?.ports.find((p) => p.port === port)?.targetPort;
    return `${service}${version === undefined || mixed.has(service) ? "" : ` ${version}`} port ${target ?? `(${port})`}`;
  };
  const known = new Set(targets.map((t) => t.service));
  return {
    backend,
    pod: (slot, targetPort) => {
      const player = players[slot];
      if (player === undefined) return `outside port ${targetPort}`;
      const key = player.service ?? player.name;
      const version = mixed.has(key) || !known.has(key) ? undefined : player.version;
      return `${key}${version === undefined ? "" : ` ${version}`} port ${targetPort}`;
    },
  };
}
