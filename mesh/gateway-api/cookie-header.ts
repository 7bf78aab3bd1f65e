import { errorAt, type Diagnostic } from "../../lib";
import type { Match, NamedMatch } from "../intent/types";

/** Every order of the cookies is an alternative of its own, so there cannot be many. */
const MOST = 3;

/** A regular expression (RE2, of the whole header) for a `cookie` header with all of these cookies, in any order. */
export function cookieHeader(cookies: readonly NamedMatch[]): string {
  return orders(cookies)
    .map((order) => `(?:.*;)?${order.map(cookie).join(";(?:.*;)?")}(?:;.*)?`)
    .join("|");
}

function cookie({ name, match }: NamedMatch): string {
  const value =
    match.kind === "exact" ? escaped(match.value) : `(?:${withoutSemicolon(match.value) ?? match.value})`;
  return ` *${escaped(name)} *= *${value} *`;
}

function orders(cookies: readonly NamedMatch[]): NamedMatch[][] {
  if (cookies.length < 2) return [[...cookies]];
  return cookies.flatMap((first) =>
    orders(cookies.filter((c) => c !== first)).map((rest) => [first, ...rest]),
  );
}

/** Text as a regular expression for just that text. */
export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/**
 * The expression made to match no semicolon, at which cookies end; undefined where it names one or might mean one in a
 * way that is not told here.
 */
export function withoutSemicolon(regex: string): string | undefined {
  const parts = regex.match(/\\[pP]\{[^}]*\}|\\.|\[(?:\\.|\[:[^\]]*:\]|[^\]\\])*\]|[^\\[]/gs) ?? [];
  const kept = parts.map((part) => {
    if (part === ".") return "[^;]";
    if (/^\\[DSW]$/.test(part)) return `[^;${part.toLowerCase()}]`;
    if (part.startsWith("[^")) return `[^;${part.slice(2)}`;
    return mayBeSemicolon(part) ? undefined : part;
  });
  return kept.includes(undefined) ? undefined : kept.join("");
}

function mayBeSemicolon(part: string): boolean {
  if (part.startsWith("[")) return inClass(part.slice(1, -1));
  return part.includes(";") || /^\\(?:[pPxCQ0-7])/.test(part);
}

/** Whether a class may hold a semicolon: written, within a range, or by a name that holds much. */
function inClass(body: string): boolean {
  if (/;|\[:|\\[DSWpPx0-7]/.test(body)) return true;
  return [...body.matchAll(/(\\?.)-(\\?.)/gs)].some(([, from = "", to = ""]) => {
    const low = from.slice(-1);
    const high = to.slice(-1);
    return low <= ";" && ";" <= high;
  });
}

/** What matches of cookies ask that no expression of a header can tell. */
export function cookieFaults({ cookies, headers, at }: Match): Diagnostic[] {
  if (cookies.length === 0) return [];
  const header = headers.some((h) => h.name === "cookie");
  const vague = cookies.filter(
    (c) => c.match.kind === "regex" && withoutSemicolon(c.match.value) === undefined,
  );
  return [
    ...(cookies.length <= MOST
      ? []
      : [fault(at, `a match can name ${MOST} cookies at most here, not ${cookies.length}`)]),
    ...(header ? [fault(at, "a match cannot name both cookies and the header cookie here")] : []),
    ...vague.map((c) =>
      fault(
        [...at, "cookies", c.name],
        `the expression for cookie ${c.name} may match beyond the cookie's end, a semicolon`,
      ),
    ),
  ];
}

function fault(at: Match["at"], message: string): Diagnostic {
  const hint = "name fewer cookies, or write what their values are made of: [A-Za-z0-9]+";
  return errorAt(at, { code: "unsupported-cookie-match", message, hint });
}
