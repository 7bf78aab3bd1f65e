import type { FieldPath } from "../../lib";
import type { GrpcRule, NormalizedIntent, Rollout, RouteRule, Service } from "../intent/types";
import type { CapabilityId } from "./ids";

/** One thing that an intent can ask of a mesh. */
export interface Capability {
  readonly id: CapabilityId;
  /** A few words, as in a table's row. */
  readonly title: string;
  /** What a mesh that has it does, as one sentence. */
  readonly definition: string;
  /** `core`: whatever calls itself a mesh should have it; `extended`: some have it. */
  readonly level: "core" | "extended";
  /** A mesh that lacks it can never be told to do without: the loss would open what the intent closes. */
  readonly security: boolean;
  /** Where the term is defined. */
  readonly link: string;
  /** Every place where an intent asks for it; none where it does not. */
  readonly uses: (intent: NormalizedIntent) => readonly CapabilityUse[];
}

/** What the catalogue says of a capability beside its name. */
export type Definition = Omit<Capability, "id">;

export interface CapabilityUse {
  /** The very field that asks. */
  readonly at: FieldPath;
  /** How the intent does without it at that place (see `leaveOut`); absent for what cannot be left out. */
  readonly without?: Change;
}

/** A part of an intent made anew; `of` is the part as it is in the intent that was asked for its uses. */
export type Change =
  | { readonly part: "service"; readonly of: Service; readonly apply: (service: Service) => Service }
  | { readonly part: "rule"; readonly of: RequestRuleOf; readonly apply: RuleChange }
  /** Left out as a whole. */
  | { readonly part: "rollout"; readonly of: Rollout }
  | { readonly part: "intent"; readonly apply: (intent: NormalizedIntent) => NormalizedIntent };

export type RequestRuleOf = RouteRule | GrpcRule;
export type RuleChange = <R extends RequestRuleOf>(rule: R) => R;

/** Whether one mesh on one cluster can do one thing, and how or why not. */
export type Support =
  | {
      readonly kind: "native" | "gateway-api";
      /** The field or object that does it: `VirtualService.spec.http[].retries`. */
      readonly by: string;
      /** A limit worth knowing. */
      readonly note?: string;
      /** Documentation or run that shows it. */
      readonly source: string;
    }
  | {
      readonly kind: "none";
      /** Why, as one sentence without a final stop. */
      readonly reason: string;
      /** What comes nearest on this mesh. */
      readonly nearest?: string;
      readonly source: string;
    };

/** An answer for every capability: adding one makes every mesh answer. */
export type CapabilityTable = { readonly [id in CapabilityId]: Support };
