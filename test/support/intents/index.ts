import fc from "fast-check";
import { capabilityIds, type CapabilityId } from "../../../mesh/capability/ids";
import type { Intent } from "../../../mesh/intent";
import { Dice } from "./dice";
import { addServices, type Draft } from "./draft";
import { addEgress, addGatewayRoutes, addGateways } from "./edges";
import { canMeet, closure, MEETING } from "./needs";
import { addOperation } from "./operation";
import { addServiceRoutes } from "./routes";
import { addAccess, addProviders, mtlsOf } from "./security";
import { addTraffic } from "./traffic";
import { NOBODYS_KEYS } from "./values";

export { Dice } from "./dice";
export { canMeet, EXCLUSIVE, MEETING } from "./needs";
export { requestsNear } from "./near";
export { requestsFor, requestFor } from "./requests";

/** An intent as it would be written, and what it was made to ask for. */
export interface Sample {
  readonly intent: Intent;
  readonly asks: ReadonlySet<CapabilityId>;
}

export interface Wish {
  /** What a mesh supports: nothing else is asked for. Default: everything. */
  readonly allowed?: Iterable<CapabilityId>;
  /** The JSON text of the JWK set of providers with inline keys; default: keys that nobody can sign for. */
  readonly jwks?: string;
}

/**
 * Valid intents in their written form. They shrink to those that ask for less, so that a failing test ends at the few
 * capabilities that make it fail.
 */
export function intents(wish: Wish = {}): fc.Arbitrary<Sample> {
  const allowed = [...(wish.allowed ?? capabilityIds)];
  return fc
    .record({
      wanted: fc.subarray(allowed, {
        minLength: Math.min(1, allowed.length),
        maxLength: Math.min(16, allowed.length),
      }),
      seed: fc.nat(),
    })
    .map(({ wanted, seed }) => intentOf(wanted, seed, wish));
}

/**
 * The same as a list that starts anew with each pair of capabilities that may meet, so that after `pairsOf(…).length`
 * samples every pair has been there; each with some more.
 */
export function samples(count: number, seed: number, wish: Wish = {}): Sample[] {
  const allowed = [...(wish.allowed ?? capabilityIds)];
  const pairs = pairsOf(allowed);
  const dice = new Dice(seed);
  const order = dice.shuffled(pairs);
  return Array.from({ length: count }, (_, i) => {
    const pair = order[i % Math.max(1, order.length)] ?? [];
    const more = dice.shuffled(allowed).slice(0, dice.int(0, 8));
    return intentOf([...pair, ...more], dice.int(0, 0x7fffffff), wish);
  });
}

/** The pairs of capabilities that meet in samples. */
export function pairsOf(allowed: readonly CapabilityId[]): (readonly [CapabilityId, CapabilityId])[] {
  const meeting = MEETING.filter((id) => allowed.includes(id));
  return meeting.flatMap((a, i) =>
    meeting.slice(i + 1).flatMap((b) => (canMeet(a, b) ? [[a, b] as const] : [])),
  );
}

/** An intent that asks for what is wanted, for what that needs, and for nothing else. */
export function intentOf(wanted: readonly CapabilityId[], seed: number, wish: Wish = {}): Sample {
  const dice = new Dice(seed);
  const asks = closure(wanted, new Set(wish.allowed ?? capabilityIds), dice);
  const all = [...asks];
  const draft: Draft = {
    dice,
    wants: (id) => asks.has(id),
    intent: { services: {}, routes: [], access: [] },
    jwks: wish.jwks ?? NOBODYS_KEYS,
  };
  const { intent } = draft;
  intent.mtls = mtlsOf(draft);
  intent.authorization = { default: asks.has("authorization.defaultAllow") ? "allow" : "deny" };
  addServices(draft);
  addGateways(draft);
  addTraffic(draft);
  addProviders(draft);
  addServiceRoutes(draft, all);
  addGatewayRoutes(draft, all);
  addAccess(draft, all);
  addEgress(draft);
  addOperation(draft);
  return { intent, asks };
}
