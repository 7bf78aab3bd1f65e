import type { FieldPath } from "../../lib";
import type { Access, JwtCondition, NormalizedIntent } from "../intent/types";
import type { Token } from "./types";

/** The providers whose tokens a service checks: those that its `allow`s and `deny`s name, on whichever port. */
export function providersOf(entries: readonly Access[]): ReadonlySet<string> {
  return new Set(
    entries.flatMap((a) => (a.action === "audit" || a.jwt === undefined ? [] : [a.jwt.provider])),
  );
}

/**
 * Why a service that checks tokens turns one away whatever else is allowed: 401 for a stranger's or a bad one, 403 for
 * one that was made for somebody else. No token is no bad token.
 */
export function tokenDenial(
  token: Token | undefined,
  { entries, intent }: { entries: readonly Access[]; intent: NormalizedIntent },
): { readonly status: 401 | 403; readonly because: readonly FieldPath[] } | undefined {
  const checked = providersOf(entries);
  if (token === undefined || checked.size === 0) return undefined;
  const known = checked.has(token.provider);
  if (known && token.validity === "valid") return undefined;
  const asking = intent.jwtProviders.filter((p) => (known ? p.name === token.provider : checked.has(p.name)));
  const status = known && token.validity === "wrong-audience" ? 403 : 401;
  return { status, because: asking.map((p) => p.at) };
}

/** Whether a token is a valid one of the provider with one of the wanted values for each claim. */
export function holdsClaims(token: Token | undefined, { provider, claims }: JwtCondition): boolean {
  if (token?.provider !== provider || token.validity !== "valid") return false;
  return claims.every(({ name, values }) =>
    claimValues(token.claims[name], name).some((value) => values.includes(value)),
  );
}

/** OAuth writes the values of these two as one text with blanks between. */
const SPACED = ["scope", "permission"];

function claimValues(claim: string | readonly string[] | undefined, name: string): readonly string[] {
  if (claim === undefined) return [];
  if (typeof claim !== "string") return claim;
  return SPACED.includes(name) ? claim.split(" ") : [claim];
}

/** Whether a token is still in the request that reaches the workload. */
export function tokenArrives(token: Token | undefined, service: string, intent: NormalizedIntent): boolean {
  if (token === undefined) return false;
  const checked = providersOf(intent.access.filter((a) => a.to.service === service));
  if (!checked.has(token.provider)) return true;
  return intent.jwtProviders.some((p) => p.name === token.provider && p.forward);
}
