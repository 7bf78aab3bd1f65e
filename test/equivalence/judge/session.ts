import type { Intent } from "../../../mesh/intent";
import type { NormalizedIntent } from "../../../mesh/intent/types";
import type { Request } from "../../../mesh/semantics";
import type { ConfiguredMesh, Target } from "../../../mesh/types";
import { Dice, requestFor, requestsNear, samples } from "../../support/intents";
import { Refused, type Ground } from "../lab/ground";
import { Caller } from "../lab/traffic/caller";
import type { Bench } from "./bench";
import { concerned, usesOf, type Uses } from "./concern";
import { benchFor, capabilitiesOf, compiledFor, meshOf, type MeshSection } from "./enact";
import { judge, type Judgement } from "./judge";
import { Meetings } from "./meetings";
import { minimize } from "./minimize";
import { Tally, type Report } from "./tally";
import { Keys } from "./tokens";

export interface Order {
  readonly mesh: MeshSection;
  readonly target: Target;
  readonly seed: number;
  /** At least so many. */
  readonly pairs: number;
  readonly requestsPerIntent: number;
  /** Stops after so many mismatches, each made as small as it goes. */
  readonly mismatches: number;
  /** Nothing but the intent of this place in the sequence. */
  readonly only?: number;
  readonly log: (line: string) => void;
}

const AT_ONCE = 4;
/** Tries at making a mismatch smaller. */
const TRIES = 60;

interface Session {
  readonly ground: Ground;
  readonly order: Order;
  readonly mesh: ConfiguredMesh;
  readonly keys: Keys;
  readonly tally: Tally;
}

/** Random intents of what a mesh supports, each put to work for real, and random requests judged on it. */
export async function session(ground: Ground, order: Order): Promise<Report> {
  const mesh = meshOf(order.mesh);
  const { allowed, judged } = capabilitiesOf(mesh, order.target);
  const meetings = new Meetings(allowed);
  const tally = new Tally(judged, meetings);
  const one: Session = { ground, order, mesh, keys: new Keys(ground.published), tally };
  const most = Math.ceil((order.pairs / order.requestsPerIntent) * 4) + 10;
  const left = new Map(
    [...samples(most, order.seed, { allowed }).entries()].filter(
      ([place]) => order.only === undefined || order.only === place,
    ),
  );
  for (let next = meetings.next(left), i = 0; next !== undefined; next = meetings.next(left), i++) {
    if (tally.count >= order.pairs || tally.mismatches.length >= order.mismatches) break;
    const [place, { intent }] = next;
    await judgeIntent(intent, place, one);
    if (i % 10 === 0) order.log(`${tally.count} pairs, ${tally.mismatches.length} different`);
  }
  return tally.report();
}

async function judgeIntent(written: Intent, place: number, session: Session): Promise<void> {
  const { tally } = session;
  const bench = await enact(written, session).catch((error: unknown) => {
    if (!(error instanceof Refused)) throw error;
    for (const reason of error.reasons) tally.refusals.push({ place, reason, intent: written });
  });
  if (bench === undefined) return;
  if (typeof bench === "string") return tally.skip(bench);
  tally.intent(usesOf(bench.intent).map(({ id }) => id));
  for (const reason of bench.scene.refused) tally.refusals.push({ place, reason, intent: written });
  const different = await judgeAll(bench, { place, session });
  tally.sent += bench.caller.sent;
  bench.caller.close();
  const room = session.order.mismatches - tally.mismatches.length;
  for (const { request, expected, seen } of different.slice(0, room)) {
    const intent = await smallest(written, request, session);
    tally.mismatches.push({ place, intent, request, expected, seen });
    session.order.log(JSON.stringify(tally.mismatches.at(-1)));
  }
}

/** An intent at work, or why it cannot be. */
async function enact(written: Intent, { ground, mesh, keys, order }: Session): Promise<Bench | string> {
  const compiled = compiledFor(written, { mesh, keys, target: order.target });
  return typeof compiled === "string" ? compiled : benchFor(compiled, { ground, keys });
}

interface Different {
  readonly request: Request;
  readonly expected: unknown;
  readonly seen: readonly string[];
}

async function judgeAll(
  bench: Bench,
  { place, session }: { place: number; session: Session },
): Promise<Different[]> {
  const { order } = session;
  const uses = usesOf(bench.intent);
  const different: Different[] = [];
  const requests = requestsTo(bench.intent, order.requestsPerIntent, order.seed * 1_000_003 + place * 1009);
  for (const mood of ["allow", "deny", "unreachable"] as const) {
    bench.ground.authorizer.mood = mood;
    const left = requests.filter((r) => (r.externalAuthorization ?? "allow") === mood);
    const work = async (): Promise<void> => {
      for (let request = left.pop(); request !== undefined; request = left.pop()) {
        different.push(...(await judgeOne(request, { bench, uses, tally: session.tally })));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }
  return different;
}

/** Two thirds of those that the intent itself suggests, where it has so many; the others at random. */
function requestsTo(intent: NormalizedIntent, count: number, seed: number): Request[] {
  const near = new Dice(seed).shuffled(requestsNear(intent)).slice(0, Math.ceil((count * 2) / 3));
  const others = Array.from({ length: count - near.length }, (_, i) =>
    requestFor(intent, new Dice(seed + i)),
  );
  return [...near, ...others];
}

async function judgeOne(
  request: Request,
  { bench, uses, tally }: { bench: Bench; uses: Uses; tally: Tally },
): Promise<Different[]> {
  const judgement = await judgeTwice(request, bench, tally);
  if (judgement.kind === "skipped") {
    tally.skip(judgement.why);
    return [];
  }
  const { outcome } = judgement;
  tally.pair(outcome.kind, concerned({ intent: bench.intent, request, outcome }, uses));
  return judgement.kind === "equal" ? [] : [{ request, expected: outcome, seen: judgement.faults }];
}

/** What differs once may be a machine's that is busy: it is looked at again, gently and on connections of its own. */
async function judgeTwice(request: Request, bench: Bench, tally: Tally): Promise<Judgement> {
  const first = await judge(request, bench);
  if (first.kind !== "different") return first;
  const caller = new Caller();
  const second = await judge(request, { ...bench, caller, atOnce: 4 });
  caller.close();
  if (second.kind === "equal") tally.unsteady.push(first.faults.join("; "));
  return second;
}

/** What is left of an intent when all is taken out without which the request is still judged different. */
function smallest(written: Intent, request: Request, session: Session): Promise<Intent> {
  let left = TRIES;
  const wrong = async (smaller: Intent): Promise<boolean> => {
    if (left <= 0) return false;
    try {
      const bench = await enact(smaller, session);
      if (typeof bench === "string") return false;
      left -= 1;
      bench.ground.authorizer.mood = request.externalAuthorization ?? "allow";
      const judgement = await judge(request, bench);
      bench.caller.close();
      return judgement.kind === "different";
    } catch {
      return false;
    }
  };
  return minimize(written, wrong);
}
