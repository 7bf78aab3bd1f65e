/**
 * Whether a regular expression in RE2's syntax matches the whole of a text.
 * Expressions have passed `isRe2`, so that JavaScript knows all of their constructs, if in another spelling.
 */
export function matchesWhole(source: string, text: string): boolean {
  const flags = /^\(\?([ims]+)\)/.exec(source);
  const body = source.slice(flags?.[0].length ?? 0).replace(/\(\?P</g, "(?<");
  return new RegExp(`^(?:${body})$`, flags?.[1] ?? "").test(text);
}
