import fc from "fast-check";
import { formatDiagnostic, found } from "../../../lib";
import { requiredBy } from "../../../mesh/capability/catalogue";
import { capabilityIds, type CapabilityId } from "../../../mesh/capability/ids";
import { parseIntent } from "../../../mesh/intent";
import type { NormalizedIntent } from "../../../mesh/intent/types";
import { outcome, type Outcome } from "../../../mesh/semantics";
import { Dice, intents, pairsOf, requestFor, samples } from "../../support/intents";
import { valid } from "../mesh/intents";

const all = [...capabilityIds];
const PAIRS = pairsOf(all);

const key = (a: CapabilityId, b: CapabilityId): string => (a < b ? `${a} and ${b}` : `${b} and ${a}`);

/** What an intent asks for, as the catalogue sees it, which knows nothing of how it was made. */
function askedFor(intent: NormalizedIntent): CapabilityId[] {
  return [...new Set(requiredBy(intent).map(({ capability }) => capability))];
}

describe("as many samples as there are pairs", () => {
  const many = samples(PAIRS.length, 1).map((sample) => {
    const result = parseIntent(sample.intent);
    return { sample, result, used: result.ok ? askedFor(result.value) : [] };
  });

  test("are valid, ask for what they were made to ask for, and for nothing else", () => {
    const wrong = many.flatMap(({ sample: { asks }, result, used }, i) => {
      if (!result.ok) return [`${i}: ${found(result).map(formatDiagnostic).join("; ")}`];
      const lost = [...asks].filter((id) => !used.includes(id));
      const extra = used.filter((id) => !asks.has(id));
      return lost.length + extra.length === 0 ? [] : [`${i}: lost ${lost.join()}, extra ${extra.join()}`];
    });
    expect(wrong).toEqual([]);
  });

  test("hit every capability and every pair of those that meet", () => {
    const single = new Set<CapabilityId>();
    const together = new Set<string>();
    for (const { used } of many) {
      used.forEach((id) => single.add(id));
      used.forEach((a, i) => used.slice(i + 1).forEach((b) => together.add(key(a, b))));
    }
    expect(all.filter((id) => !single.has(id))).toEqual([]);
    expect(PAIRS.filter((pair) => !together.has(key(...pair)))).toEqual([]);
    expect(PAIRS.length).toBeGreaterThan(3000);
  });
});

test("nothing is asked for that a mesh does not support", () => {
  const dice = new Dice(5);
  for (let i = 0; i < 300; i++) {
    const allowed = new Set<CapabilityId>([
      ...dice.some(all, 0.4),
      dice.pick(["mtls.strict", "mtls.permissive"] as const),
      dice.pick(["authorization.defaultDeny", "authorization.defaultAllow"] as const),
    ]);
    for (const sample of samples(3, i, { allowed })) {
      expect(askedFor(valid(sample.intent)).filter((id) => !allowed.has(id))).toEqual([]);
    }
  }
});

test("the same seed makes the same intents and requests, another one others", () => {
  expect(samples(50, 7)).toEqual(samples(50, 7));
  expect(samples(50, 7)).not.toEqual(samples(50, 8));
  const intent = valid(samples(1, 7)[0]?.intent);
  expect(requestFor(intent, new Dice(3))).toEqual(requestFor(intent, new Dice(3)));
});

test("intents shrink to those that ask for less", () => {
  const failing = fc.check(
    fc.property(intents(), ({ asks }) => !(asks.has("retry") && asks.has("access.deny"))),
    { seed: 4, numRuns: 2000 },
  );
  const [smallest] = failing.counterexample ?? [];
  expect(failing.failed).toBe(true);
  // The two, what they need and what every intent asks for; most intents ask for twenty things and more.
  expect(smallest?.asks.size).toBeLessThanOrEqual(10);
});

test("requests have every kind of outcome, and most reach a rule", () => {
  const dice = new Dice(11);
  const kinds = new Map<Outcome["kind"], number>();
  let routed = 0;
  const some = samples(400, 2).map(({ intent }) => valid(intent));
  for (const intent of some) {
    for (let i = 0; i < 10; i++) {
      const result = outcome(intent, requestFor(intent, dice));
      kinds.set(result.kind, (kinds.get(result.kind) ?? 0) + 1);
      if (result.because.some((path) => path[0] === "routes")) routed++;
    }
  }
  const every = [
    "aborted",
    "denied",
    "forwarded",
    "notFound",
    "passed",
    "redirected",
    "refused",
    "undecided",
  ];
  expect([...kinds.keys()].sort()).toEqual(every);
  expect(routed / (some.length * 10)).toBeGreaterThan(0.3);
});
