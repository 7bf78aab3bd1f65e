import type { CapabilityId } from "../../../mesh/capability/ids";
import type { Target } from "../../../mesh/types";
import { Dice, intentOf, requestFor } from "../../support/intents";
import { Refused, type Ground } from "../lab/ground";
import { defects, spoilt, type Defect } from "./defects";
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
const PLACES = 3;
const REQUESTS = 30;

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
  for (const [i, defect] of defects.entries()) {
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
  for (let i = 0; i < INTENTS; i++) {
    const compiled = compile(seed + i);
    if (compiled === undefined) continue;
    const dice = new Dice(seed + i);
    for (const plan of dice.shuffled(spoilt(compiled.plan, defect)).slice(0, PLACES)) {
      try {
        const bench = await benchFor({ ...compiled, plan }, { ground, keys });
        if (bench.scene.refused.length > 0) return "refused";
        ground.authorizer.mood = "allow";
        for (let r = 0; r < REQUESTS; r++) {
          const { externalAuthorization, ...request } = requestFor(compiled.intent, dice);
          void externalAuthorization;
          if ((await judge(request, bench)).kind === "different") return "caught";
        }
        bench.caller.close();
      } catch (error) {
        if (error instanceof Refused) return "refused";
        throw error;
      }
    }
  }
  return "missed";
}
