/**
 * Regular expressions as proxies have them: RE2's syntax, and matching in linear time whatever the expression.
 * The syntax is that of https://github.com/google/re2/wiki/Syntax.
 */
import { parse } from "./parse";
import { program } from "./program";
import { takesWhole } from "./run";
import { NotRe2 } from "./tree";

/** A test of whole texts; undefined where the source is not an expression that RE2 takes. */
export function re2(source: string): ((text: string) => boolean) | undefined {
  try {
    const compiled = program(parse(source));
    return (text) => takesWhole(compiled, text);
  } catch (error) {
    if (error instanceof NotRe2) return undefined;
    throw error;
  }
}
