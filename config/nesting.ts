/** Deeper than anything that is written by hand or made by a tool, and within what the parser's recursion can take. */
const DEEPEST = 400;
const OPEN = new Set(["[".charCodeAt(0), "{".charCodeAt(0)]);
const CLOSE = new Set(["]".charCodeAt(0), "}".charCodeAt(0)]);

/**
 * Whether a YAML text nests so deep that parsing it could exhaust the stack, which ends the process without a word.
 * A quick look at brackets, indentation and rows of dashes that errs on the side of parsing.
 */
export function nestsTooDeep(text: string): boolean {
  return bracketsTooDeep(text) || text.split("\n").some(indentedTooDeep);
}

function bracketsTooDeep(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (OPEN.has(code)) depth++;
    else if (CLOSE.has(code)) depth = Math.max(0, depth - 1);
    if (depth > DEEPEST) return true;
  }
  return false;
}

/** Each space of indentation, and each `- ` or `? ` at the start of a line, may open a level. */
function indentedTooDeep(line: string): boolean {
  if (line.length <= DEEPEST) return false;
  const start = /^[ \t?-]*/.exec(line.slice(0, 4 * DEEPEST))?.[0] ?? "";
  return start.length > DEEPEST && !/^-+$/.test(start.trim());
}
