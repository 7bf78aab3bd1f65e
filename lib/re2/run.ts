import { word } from "./classes";
import type { Program } from "./program";
import type { Place } from "./tree";

/** Whether a program takes the whole of a text; in time with the text's length times the program's. */
export function takesWhole({ steps, start }: Program, text: string): boolean {
  const codes = [...text].map((c) => c.codePointAt(0) ?? 0);
  let current = reachable(steps, [start], { codes, at: 0 });
  for (const [at, code] of codes.entries()) {
    const taken: number[] = [];
    for (const place of current) {
      const step = steps[place];
      if (step?.kind === "character" && step.holds(code)) taken.push(step.next);
    }
    if (taken.length === 0) return false;
    current = reachable(steps, taken, { codes, at: at + 1 });
  }
  return [...current].some((place) => steps[place]?.kind === "end");
}

interface Position {
  readonly codes: readonly number[];
  /** Before the character of this number. */
  readonly at: number;
}

/** The steps that can be come to without taking a character. */
function reachable(
  steps: Program["steps"],
  from: readonly number[],
  position: Position,
): ReadonlySet<number> {
  const seen = new Set<number>();
  const open = [...from];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (seen.has(place)) continue;
    seen.add(place);
    const step = steps[place];
    if (step?.kind === "fork") open.push(step.one, step.other);
    if (step?.kind === "place" && isAt(step.place, position)) open.push(step.next);
  }
  return seen;
}

function isAt(place: Place, { codes, at }: Position): boolean {
  const before = codes[at - 1];
  const after = codes[at];
  const isWord = (code: number | undefined): boolean => code !== undefined && word(code);
  switch (place) {
    case "textStart":
      return at === 0;
    case "textEnd":
      return at === codes.length;
    case "lineStart":
      return at === 0 || before === 10;
    case "lineEnd":
      return at === codes.length || after === 10;
    case "wordEdge":
      return isWord(before) !== isWord(after);
    case "noWordEdge":
      return isWord(before) === isWord(after);
  }
}
