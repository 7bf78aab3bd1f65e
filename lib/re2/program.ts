import { NotRe2, type CharacterSet, type Place, type Tree } from "./tree";

/** One step of a program; `next` and the others are places in it. */
export type Step =
  | { readonly kind: "character"; readonly holds: CharacterSet; readonly next: number }
  | { readonly kind: "place"; readonly place: Place; readonly next: number }
  | { readonly kind: "fork"; readonly one: number; readonly other: number }
  | { readonly kind: "end" };

/** Steps, of which the first to be taken is `start`. */
export interface Program {
  readonly steps: readonly Step[];
  readonly start: number;
}

/** More than any expression needs that somebody means. */
const LONGEST = 100_000;

/** The tree as steps that are taken from one another in any order (Thompson's construction). */
export function program(tree: Tree): Program {
  const steps: Step[] = [{ kind: "end" }];
  const add = (step: Step): number => {
    if (steps.length >= LONGEST) throw new NotRe2("too long");
    return steps.push(step) - 1;
  };

  /** The steps for a part, after which `next` is taken. */
  const emit = (part: Tree, next: number): number => {
    switch (part.kind) {
      case "empty":
        return next;
      case "character":
        return add({ kind: "character", holds: part.holds, next });
      case "place":
        return add({ kind: "place", place: part.place, next });
      case "sequence":
        return part.parts.reduceRight((after, each) => emit(each, after), next);
      case "choice":
        return part.parts
          .map((each) => emit(each, next))
          .reduceRight((other, one) => add({ kind: "fork", one, other }));
      case "repeat":
        return repeat(part, next);
    }
  };

  const repeat = ({ part, least, most }: Extract<Tree, { kind: "repeat" }>, next: number): number => {
    let start = next;
    // The last of the copies that there must be is the one that goes round.
    let copies = least;
    if (most === undefined) {
      const loop = add({ kind: "end" });
      const body = emit(part, loop);
      steps[loop] = { kind: "fork", one: body, other: next };
      start = least === 0 ? loop : body;
      copies = Math.max(0, least - 1);
    } else {
      for (let i = least; i < most; i++) start = add({ kind: "fork", one: emit(part, start), other: next });
    }
    for (let i = 0; i < copies; i++) start = emit(part, start);
    return start;
  };

  return { start: emit(tree, 0), steps };
}
