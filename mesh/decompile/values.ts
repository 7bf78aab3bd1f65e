import type { Field } from "./field";

const UNIT_MS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 0.001,
  µs: 0.001,
  ns: 0.000_001,
};

/** Milliseconds of a duration as Go and protobuf write it: `1.5s`, `1h30m`, `0s`; undefined for anything else. */
export function goDuration(text: string): number | undefined {
  if (text === "0") return 0;
  if (!/^([0-9]+(\.[0-9]*)?(h|ms|m|s|us|µs|ns))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/([0-9]+(?:\.[0-9]*)?)(h|ms|m|s|us|µs|ns)/g)];
  const ms = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNIT_MS[unit ?? ""] ?? 0), 0);
  return Math.round(ms * 1e6) / 1e6;
}

/** Longer than this no duration of an intent can be: five digits of hours. */
const LONGEST_MS = 99_999 * 3_600_000;

/** A duration that an intent can say, in whole milliseconds above zero; anything else is lost. */
export function durationOf(field: Field): number | undefined {
  const text = field.text();
  if (text === undefined) return undefined;
  const ms = goDuration(text);
  if (ms === undefined) field.lose({ message: `${JSON.stringify(text)} is not a duration` });
  else if (ms === 0) return 0;
  else if (ms > LONGEST_MS) field.lose({ message: `${text} is longer than an intent can say` });
  else return rounded(field, ms);
  return undefined;
}

function rounded(field: Field, ms: number): number {
  const whole = Math.max(1, Math.round(ms));
  if (whole !== ms) field.change(`${ms} ms becomes ${whole} ms: an intent counts whole milliseconds`);
  return whole;
}

/** A duration above zero; zero, which means none, is taken as such. */
export function positiveDuration(field: Field): number | undefined {
  const ms = durationOf(field);
  return ms === 0 ? undefined : ms;
}

/** A text as the regular expression that matches just it. */
export function quoteRegex(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&");
}

/** The text that a regular expression without any operator matches. */
export function unquoteRegex(pattern: string): string | undefined {
  const plain = pattern.replace(
    /\\([\\^$.|?*+()[\]{}])/g,
    (_, c: string) => `\u0001${c.charCodeAt(0)}\u0002`,
  );
  if (/[\\^$.|?*+()[\]{}]/.test(plain)) return undefined;
  return plain.replace(/\u0001(\d+)\u0002/g, (_, code: string) => String.fromCharCode(Number(code)));
}

/** A percentage above 0 and at most 100, with the four decimals that an intent has; anything else is lost. */
export function percentOf(field: Field): number | undefined {
  const value = field.number();
  if (value === undefined) return undefined;
  const rounded = Math.round(Math.min(value, 100) * 1e4) / 1e4;
  if (rounded > 0) return rounded;
  return undefined;
}

/** A whole number within bounds; anything else is lost. */
export function wholeOf(field: Field, least: number, most: number): number | undefined {
  const value = field.number();
  if (value === undefined) return undefined;
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  field.lose({ message: `${value} is not a whole number from ${least} to ${most}, as an intent has here` });
  return undefined;
}

/** A prefix by path element, without a slash at its end but for `/` itself. */
export function trimPrefix(path: string): string {
  const trimmed = path.replace(/\/+$/, "");
  return trimmed === "" ? "/" : trimmed;
}
