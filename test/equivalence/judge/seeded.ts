import type { CapabilityId } from "../../../mesh/capability/ids";
import type { Target } from "../../../mesh/types";
import type { Request } from "../../../mesh/semantics";
import { Dice, intentOf, requestsNear } from "../../support/intents";
import { Refused, type Ground } from "../lab/ground";
import type { Bench } from "./bench";
import { defectsOf, spoilt, type Defect } from "./defects";
import { benchFor, capabilitiesOf, compiledFor, meshOf, type Compiled, type MeshSection } from "./enact";
import { judge } from "./judge";
import { Keys } from "./tokens";

export interface SeededReport {
  readonly caught: readonly string[];
  /** Caught before any request: the control plane or an Envoy did not take it. */
  readonly refused: readonly string[];
  readonly missed: readonly string[];
  readonly seconds: number;
}

export interface SeededOrder {
  readonly mesh: MeshSection;
  readonly target: Target;
  /** Only those with this in their names. */
  readonly only: string;
  readonly log: (line: string) => void;
}

/** Intents to try for each defect: in some a lost part is made up for by another. */
const INTENTS = 10;
/** Not every seed makes an intent that has a place for the defect. */
const SEEDS = 200;
const PLACES = 3;
const AT_ONCE = 4;
const MOODS = ["allow", "deny", "unreachable"] as const;

/** Spoils plans on purpose, one place at a time, and looks whether the judge sees it. */
export async function seeded(
  ground: Ground,
  { mesh: written, target, only, log }: SeededOrder,
): Promise<SeededReport> {
  const began = performance.now();
  const mesh = meshOf(written);
  const { allowed } = capabilitiesOf(mesh, target);
  const keys = new Keys(ground.published);
  const found: { name: string; how: string }[] = [];
  for (const [i, defect] of defectsOf(written).entries()) {
    if (!defect.name.includes(only)) continue;
    const compile = (seed: number): Compiled | undefined => {
      const compiled = compiledFor(intentOf(wishes(defect, seed), seed, { allowed }).intent, {
        mesh,
        keys,
        target,
      });
      return typeof compiled === "string" ? undefined : compiled;
    };
    const how = await sought(defect, { ground, keys, compile, seed: 1000 * i });
    log(`${defect.name}: ${how}`);
    found.push({ name: defect.name, how });
  }
  const named = (how: string): string[] => found.filter((f) => f.how === how).map((f) => f.name);
  const seconds = Math.round((performance.now() - began) / 1000);
  return { caught: named("caught"), refused: named("refused"), missed: named("missed"), seconds };
}

/** What tells rules apart, and little besides, so that many requests come by. */
const TELLING: readonly CapabilityId[] = ["headers.response", "fault.abort", "backend.version"];

function wishes({ asks }: Defect, seed: number): CapabilityId[] {
  return [
    ...asks,
    ...TELLING.filter((_, i) => (seed + i) % 3 !== 0),
    ...(seed % 2 === 0 ? (["authorization.defaultAllow"] as const) : []),
  ];
}

interface Search {
  readonly ground: Ground;
  readonly keys: Keys;
  readonly compile: (seed: number) => Compiled | undefined;
  readonly seed: number;
}

async function sought(defect: Defect, { ground, keys, compile, seed }: Search): Promise<string> {
  for (let i = 0, tried = 0; i < SEEDS && tried < INTENTS; i++) {
    const sound = compile(seed + i);
    if (sound === undefined || spoilt(sound.plan, defect).length === 0) continue;
    tried += 1;
    const dice = new Dice(seed + i);
    for (const plan of dice.shuffled(spoilt(sound.plan, defect)).slice(0, PLACES)) {
      try {
        const bench = await benchFor({ ...sound, plan }, { ground, keys });
        if (bench.scene.refused.length > 0) return "refused";
        const telling = await tellingRequest(dice.shuffled(requestsNear(sound.intent)), bench);
        bench.caller.close();
        if (telling !== undefined && (await isSound(telling, sound, { ground, keys }))) return "caught";
      } catch (error) {
        if (error instanceof Refused) return "refused";
        throw error;
      }
    }
  }
  return "missed";
}

/** The first request that is judged different, and so again. */
async function tellingRequest(requests: readonly Request[], bench: Bench): Promise<Request | undefined> {
  for (const mood of MOODS) {
    bench.ground.authorizer.mood = mood;
    const left = requests.filter((r) => (r.externalAuthorization ?? "allow") === mood);
    let telling: Request | undefined;
    const work = async (): Promise<void> => {
      for (let next = left.pop(); next !== undefined && telling === undefined; next = left.pop())
        if (await isDifferent(next, bench)) telling ??= next;
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (telling !== undefined) return telling;
  }
  return undefined;
}

async function isDifferent(request: Request, bench: Bench): Promise<boolean> {
  if ((await judge(request, bench)).kind !== "different") return false;
  return (await judge(request, bench)).kind === "different";
}

/** Whether the plan as it was is right about the request, so that it is the defect that was seen. */
async function isSound(
  request: Request,
  sound: Compiled,
  { ground, keys }: Pick<Search, "ground" | "keys">,
): Promise<boolean> {
  const bench = await benchFor(sound, { ground, keys });
  ground.authorizer.mood = request.externalAuthorization ?? "allow";
  const { kind } = await judge(request, bench);
  bench.caller.close();
  return kind === "equal";
}
