import type { NormalizedIntent } from "../../../mesh/intent/types";
import type { MeshPlan } from "../../../mesh/plan/types";
import type { Request } from "../../../mesh/semantics";
import type { Authorizer } from "./traffic/authorizer";
import type { Line } from "./traffic/call";
import type { Arrivals } from "./traffic/seen";

/** A real mesh on which intents are put to work, one after the other. */
export interface Ground {
  readonly arrivals: Arrivals;
  readonly authorizer: Authorizer;
  /** Documents that the control plane can fetch, by path. */
  readonly published: Map<string, string>;
  /** What this mesh leaves open that is compared elsewhere. */
  readonly habits: Habits;
  /** Throws `Refused` where the control plane does not take what the plan has. */
  enact(intent: NormalizedIntent, plan: MeshPlan): Promise<Scene>;
}

export interface Habits {
  /** Its proxies try again only a few requests at once. */
  readonly fewRetriesAtOnce: boolean;
  /** Whoever is turned away for a token is told 403, and not 401. */
  readonly tokenDenials403: boolean;
  /** A claim with several values is as good as none. */
  readonly singleClaims: boolean;
}

/** What a control plane did not take. */
export class Refused extends Error {
  override readonly name = "Refused";
  constructor(readonly reasons: readonly string[]) {
    super(reasons.join("; "));
  }
}

/** One intent at work. */
export interface Scene {
  /** Everybody who may answer, by slot. */
  readonly players: readonly Player[];
  /** What Envoys refused of what the control plane said. */
  readonly refused: readonly string[];
  /** The request as it can be sent here: with the addresses that pods have in place of those that it speaks of. */
  placed(request: Request): Request;
  /** Where such a request goes in. */
  entrance(request: Request): Promise<Entrance>;
}

/** One instance of a service, or a gateway. */
export interface Player {
  readonly name: string;
  /** Key of a service. */
  readonly service?: string;
  readonly version?: string;
}

/** Where a request goes in; or why it cannot be sent. */
export type Entrance =
  | { readonly kind: "open"; readonly lines: readonly Line[] }
  | { readonly kind: "skip"; readonly why: string };

export const skip = (why: string): Entrance => ({ kind: "skip", why });
