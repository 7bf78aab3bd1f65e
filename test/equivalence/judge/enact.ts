import { compile, configureMesh, parseIntent } from "../../../mesh";
import { capabilityIds, type CapabilityId } from "../../../mesh/capability/ids";
import type { Intent } from "../../../mesh/intent";
import type { NormalizedIntent } from "../../../mesh/intent/types";
import type { MeshPlan } from "../../../mesh/plan/types";
import type { ConfiguredMesh, Target } from "../../../mesh/types";
import type { Ground } from "../lab/ground";
import { Caller } from "../lab/traffic/caller";
import { queue, type Bench } from "./bench";
import type { Keys } from "./tokens";

const CALLS_AT_ONCE = 24;

/** The mesh section of a stack's config. */
export interface MeshSection {
  readonly kind: string;
  readonly [option: string]: unknown;
}

export function meshOf(written: MeshSection): ConfiguredMesh {
  const mesh = configureMesh(written);
  if (!mesh.ok) throw new Error(`no such mesh: ${JSON.stringify(mesh.diagnostics)}`);
  return mesh.value;
}

/** What random requests cannot show: what happens under load, over time, or outside of requests. */
const ELSEWHERE =
  /^(traffic\.(rateLimit|outlierDetection|connectionLimits|healthCheck|locality)|mtls\.ca\.|federation|service\.clusters|workloads\.|rollout\.|telemetry\.)/;

/** What may stand in intents, and shows in no single request. */
const UNSEEN = /^traffic\.loadBalancing/;

/** What intents may ask for, and what of it is judged. */
export function capabilitiesOf(
  mesh: ConfiguredMesh,
  target: Target,
): { readonly allowed: readonly CapabilityId[]; readonly judged: readonly CapabilityId[] } {
  const table = mesh.capabilities(target);
  const allowed = capabilityIds.filter((id) => table[id].kind !== "none" && !ELSEWHERE.test(id));
  return { allowed, judged: allowed.filter((id) => !UNSEEN.test(id)) };
}

export interface Compiled {
  readonly intent: NormalizedIntent;
  readonly plan: MeshPlan;
}

/** A plan for a written intent, with keys that we hold; or what keeps it from having one. */
export function compiledFor(
  written: Intent,
  { mesh, keys, target }: { mesh: ConfiguredMesh; keys: Keys; target: Target },
): Compiled | string {
  const parsed = parseIntent(written);
  if (!parsed.ok) return `intent: ${parsed.diagnostics[0]?.code}`;
  const intent = keys.given(parsed.value);
  const plan = compile(intent, mesh, target);
  if (!plan.ok) return `plan: ${plan.diagnostics.find((d) => d.severity === "error")?.code}`;
  return { intent, plan: plan.value };
}

/** Puts it to work. */
export async function benchFor(
  { intent, plan }: Compiled,
  { ground, keys }: { ground: Ground; keys: Keys },
): Promise<Bench> {
  const scene = await ground.enact(intent, plan);
  return { ground, intent, scene, caller: new Caller(), keys, oneByOne: queue(), atOnce: CALLS_AT_ONCE };
}
