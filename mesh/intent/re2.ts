const LONGEST = 1024;
/** What RE2 leaves out to run in linear time: look-around, back-references, atomic groups, possessive quantifiers. */
const NOT_RE2 = /\(\?(<?[=!]|>)|\\[1-9]|\\k<|[*+?}]\+/;
const FLAGS = /\(\?[imsU-]+\)|\(\?[imsU-]+:/g;

/** Whether a regular expression is one that RE2, and so a proxy, accepts; judged without running it on anything. */
export function isRe2(source: string): boolean {
  if (source.length === 0 || source.length > LONGEST) return false;
  const bare = source.replace(/\\\\/g, "").replace(/\[(\\.|[^\]])*\]/g, "x");
  if (NOT_RE2.test(bare)) return false;
  try {
    // JavaScript knows RE2's inline flags and named groups in another spelling only.
    new RegExp(source.replace(FLAGS, (flag) => (flag.endsWith(":") ? "(?:" : "")).replace(/\(\?P</g, "(?<"));
    return repeatsWithin(bare);
  } catch {
    return false;
  }
}

/** RE2 refuses to repeat anything more than 1000 times. */
function repeatsWithin(bare: string): boolean {
  return [...bare.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].every(
    (m) => Number(m[1]) <= 1000 && Number(m[2] || 0) <= 1000,
  );
}
