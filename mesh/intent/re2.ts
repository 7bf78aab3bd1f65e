import { re2 } from "../../lib";

const LONGEST = 1024;

/** Whether a regular expression is one that RE2, and so a proxy, accepts; judged without running it on anything. */
export function isRe2(source: string): boolean {
  return source.length > 0 && source.length <= LONGEST && re2(source) !== undefined;
}
