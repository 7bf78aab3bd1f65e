import type { NormalizedIntent } from "../../../mesh/intent/types";
import type { Token } from "../../../mesh/semantics";
import type { Dice } from "./dice";

/** A token that an access may ask for, one that is wrong in some way, or none. */
export function tokenFor({ jwtProviders, access }: NormalizedIntent, dice: Dice): Token | undefined {
  if (jwtProviders.length === 0 || dice.chance(0.35)) return undefined;
  const provider = dice.pick(jwtProviders);
  const conditions = access.flatMap((a) => (a.jwt?.provider === provider.name ? [a.jwt] : []));
  const condition = conditions.length === 0 ? undefined : dice.pick(conditions);
  const claims = (condition?.claims ?? []).flatMap(({ name, values }): [string, string | string[]][] => {
    if (dice.chance(0.1)) return [];
    const value = dice.chance(0.85) ? dice.pick(values) : "nobody";
    // A subject is one text, as every JWT has it.
    return [[name, name === "sub" ? value : dice.pick([value, [value], ["other", value]])]];
  });
  const wrong =
    provider.audiences.length > 0 ? (["invalid", "wrong-audience"] as const) : (["invalid"] as const);
  return {
    provider: dice.chance(0.92) ? provider.name : "stranger",
    validity: dice.chance(0.8) ? "valid" : dice.pick(wrong),
    claims: Object.fromEntries(claims),
  };
}
