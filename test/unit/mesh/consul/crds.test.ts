import { compile, configureMesh, printPlan } from "../../../../mesh";
import { capabilityIds } from "../../../../mesh/capability/ids";
import { checkAgainstCrds, whereCrdsAre } from "../../../support/crds";
import { Dice, samples } from "../../../support/intents";
import { valid, value } from "../intents";
import { cluster } from "../istio/plans";
import { shuffled } from "../shuffle";
import { objectsOf } from "./plans";

const mesh = value(configureMesh({ kind: "consul", acls: false, namespaces: { create: false } }));
const target = { cluster: { ...cluster, internalLoadBalancer: { internal: "true" } } };
const table = mesh.capabilities(target);
const allowed = capabilityIds.filter((id) => table[id].kind !== "none" && id !== "mtls.permissive");
const intents = samples(400, 3, { allowed }).map((s) => s.intent);
const plans = intents.flatMap((intent) => {
  const result = compile(valid(intent), mesh, target);
  return result.ok ? [result.value] : [];
});

/** Numbers without an end, the same for the same seed. */
function* numbers(seed: number): Generator<number> {
  const dice = new Dice(seed);
  for (;;) yield dice.int(0, 1_000_000);
}

whereCrdsAre("Consul's objects at random", () => {
  test("fit their CRDs", () => {
    expect(plans.length).toBeGreaterThan(50);
    expect(plans.flatMap((plan) => checkAgainstCrds(objectsOf(plan)))).toEqual([]);
  });

  test("a field that a CRD does not have is found", () => {
    const [entry] = plans.flatMap((plan) => objectsOf(plan, "ServiceRouter"));
    expect(entry === undefined ? [] : checkAgainstCrds([{ ...entry, spec: { route: [] } }])).not.toEqual([]);
  });
});

test("plans have the same bytes however their intent was ordered", () => {
  for (const [i, intent] of intents.slice(0, 60).entries()) {
    const [first, second] = [intent, shuffled(intent, numbers(i + 1))].map((one) =>
      compile(valid(one), mesh, target),
    );
    if (first?.ok !== true || second?.ok !== true) continue;
    expect(printPlan(second.value)).toBe(printPlan(first.value));
  }
});
