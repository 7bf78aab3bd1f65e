import { capabilityIds, type CapabilityId } from "../../../mesh/capability/ids";
import { compile, configureMesh, parseIntent } from "../../../mesh";
import type { Intent } from "../../../mesh/intent";
import type { NormalizedIntent } from "../../../mesh/intent/types";
import type { MeshPlan } from "../../../mesh/plan/types";
import type { Request } from "../../../mesh/semantics";
import type { ConfiguredMesh, Target } from "../../../mesh/types";
import { Dice, requestFor, samples } from "../../support/intents";
import type { Lab } from "../lab/lab";
import { Caller } from "../lab/traffic/caller";
import { Refused } from "../lab/world/apply";
import { queue, type Bench } from "./bench";
import { concerned, usesOf, type Uses } from "./concern";
import { judge } from "./judge";
import { Tally, type Report } from "./tally";
import { Keys } from "./tokens";

export interface Plan {
  /** The mesh section of a stack's config. */
  readonly mesh: { readonly kind: string; readonly [option: string]: unknown };
  readonly target: Target;
  readonly seed: number;
  /** At least so many. */
  readonly pairs: number;
  readonly requestsPerIntent: number;
  /** Stops at the first so many mismatches. */
  readonly mismatches: number;
  /** Nothing but the intent of this place in the sequence. */
  readonly only?: number;
  readonly log: (line: string) => void;
}

/** What random requests cannot show, each with where it is shown instead. */
const ELSEWHERE =
  /^(traffic\.(rateLimit|outlierDetection|connectionLimits|healthCheck|locality)|mtls\.ca\.|federation|service\.clusters|workloads\.|rollout\.|telemetry\.)/;

const AT_ONCE = 4;

/** Random intents of what a mesh supports, each put to work for real, and random requests judged on it. */
export async function session(lab: Lab, plan: Plan): Promise<Report> {
  const mesh = configured(plan.mesh);
  const table = mesh.capabilities(plan.target);
  const allowed = capabilityIds.filter((id) => table[id].kind !== "none" && !ELSEWHERE.test(id));
  const keys = new Keys();
  const tally = new Tally();
  const most = Math.ceil((plan.pairs / plan.requestsPerIntent) * 4) + 10;
  const all = samples(most, plan.seed, { allowed });
  for (const [i, { intent }] of all.entries()) {
    if (tally.count >= plan.pairs || tally.mismatches.length >= plan.mismatches) break;
    if (plan.only !== undefined && plan.only !== i) continue;
    const enacted = await enact(intent, { lab, mesh, keys, plan, tally, seed: i });
    if (enacted === undefined) continue;
    await judgeAll(enacted, { plan, tally, written: intent, seed: i });
    tally.sent += enacted.bench.caller.sent;
    enacted.bench.caller.close();
    if (i % 10 === 0) plan.log(`${tally.count} pairs, ${tally.mismatches.length} different`);
  }
  return tally.report();
}

function configured(written: Plan["mesh"]): ConfiguredMesh {
  const mesh = configureMesh(written);
  if (!mesh.ok) throw new Error(`no such mesh: ${JSON.stringify(mesh.diagnostics)}`);
  return mesh.value;
}

export interface Around {
  readonly lab: Lab;
  readonly mesh: ConfiguredMesh;
  readonly keys: Keys;
  readonly plan: Plan;
  readonly tally: Tally;
  readonly seed: number;
}

export interface Enacted {
  readonly bench: Bench;
  readonly uses: Uses;
}

/** An intent at work; undefined where it could not be, which is counted or is a refusal. */
export async function enact(written: Intent, around: Around): Promise<Enacted | undefined> {
  const { lab, keys, tally, seed } = around;
  const compiled = compiledOf(written, around);
  if (typeof compiled === "string") {
    tally.skip(compiled);
    return undefined;
  }
  const { intent, plan } = compiled;
  try {
    const scene = await lab.enact(intent, plan);
    tally.intent();
    for (const reason of scene.refused) tally.refusals.push({ seed, reason, intent: written });
    return {
      bench: { lab, intent, scene, caller: new Caller(), keys, oneByOne: queue() },
      uses: usesOf(intent),
    };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    for (const reason of error.reasons) tally.refusals.push({ seed, reason, intent: written });
    return undefined;
  }
}

function compiledOf(
  written: Intent,
  { mesh, keys, plan: { target } }: Around,
): { intent: NormalizedIntent; plan: MeshPlan } | string {
  const parsed = parseIntent(written);
  if (!parsed.ok) return `intent: ${parsed.diagnostics[0]?.code}`;
  const intent = keys.given(parsed.value);
  const plan = compile(intent, mesh, target);
  if (!plan.ok) return `plan: ${plan.diagnostics.find((d) => d.severity === "error")?.code}`;
  return { intent, plan: plan.value };
}

async function judgeAll(
  { bench, uses }: Enacted,
  { plan, tally, written, seed }: { plan: Plan; tally: Tally; written: Intent; seed: number },
): Promise<void> {
  const requests = Array.from({ length: plan.requestsPerIntent }, (_, i) =>
    requestFor(bench.intent, new Dice(plan.seed * 1_000_003 + seed * 1009 + i)),
  );
  for (const mood of ["allow", "deny", "unreachable"] as const) {
    bench.lab.authorizer.mood = mood;
    const left = requests.filter((r) => (r.externalAuthorization ?? "allow") === mood);
    const work = async (): Promise<void> => {
      for (let request = left.pop(); request !== undefined; request = left.pop()) {
        await one(request, { bench, uses, tally, written, seed });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }
}

async function one(
  request: Request,
  { bench, uses, tally, written, seed }: Enacted & { tally: Tally; written: Intent; seed: number },
): Promise<void> {
  const judgement = await judge(request, bench);
  if (judgement.kind === "skipped") return tally.skip(judgement.why);
  const { outcome } = judgement;
  tally.pair(outcome.kind, concerned(outcome, uses));
  if (judgement.kind === "equal") return;
  tally.mismatches.push({ seed, intent: written, request, outcome, faults: judgement.faults });
}
