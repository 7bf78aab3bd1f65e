import { re2 } from "../../lib";

/** Whether a regular expression matches the whole of a text; never where it is none that `isRe2` accepts. */
export function matchesWhole(source: string, text: string): boolean {
  return re2(source)?.(text) ?? false;
}
