import * as v from "valibot";
import {
  isDate,
  isDnsLabel,
  isDnsName,
  isHost,
  isPort,
  nearest,
  parseDuration,
  type Finding,
} from "../../lib";
import { said } from "./said";

/** What a schema says about itself beyond its type: read by the unknown-key check and by the JSON Schema export. */
export interface SchemaNotes {
  /** One sentence for editors. */
  readonly description?: string;
  /** The JSON Schema `pattern` that comes nearest to the check. */
  readonly pattern?: string;
  readonly default?: string | number | boolean;
}

/** Attaches notes to a schema: `v.pipe(schema, notes({ description: "…" }))`. */
export function notes<T>(about: SchemaNotes): v.MetadataAction<T, SchemaNotes & Record<string, unknown>> {
  return v.metadata({ ...about });
}

interface TextFormat {
  readonly is: (text: string) => boolean;
  readonly finding: (text: string) => Finding;
  readonly notes?: SchemaNotes;
}

/** A string of a given format. */
export function text(format: TextFormat) {
  return v.pipe(
    v.string(),
    v.check(format.is, (issue) => said(format.finding(issue.input))),
    notes<string>(format.notes ?? {}),
  );
}

const quoted = (value: unknown): string => JSON.stringify(value);

export const nameText = text({
  is: isDnsLabel,
  finding: (t) => ({
    code: "bad-name",
    message: `${quoted(t)} is not a name`,
    hint: "lower-case letters, digits and -, at most 63, beginning and ending with a letter or digit",
  }),
  notes: { pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" },
});

export const objectNameText = text({
  is: isDnsName,
  finding: (t) => ({
    code: "bad-name",
    message: `${quoted(t)} is not the name of a Kubernetes object`,
    hint: "lower-case letters, digits, - and ., at most 253",
  }),
});

/** `namespace/name`. */
export const serviceKeyText = text({
  is: (t) => {
    const parts = t.split("/");
    return parts.length === 2 && parts.every(isDnsLabel);
  },
  finding: (t) => ({
    code: "bad-name",
    message: `${quoted(t)} does not name a service`,
    hint: "write namespace/name, as in shop/cart; both in lower-case letters, digits and -",
  }),
  notes: { pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" },
});

export const hostText = text({
  is: isHost,
  finding: (t) => ({
    code: "bad-host",
    message: `${quoted(t)} is not a host`,
    hint: /[^ -~]/.test(t)
      ? "write names beyond ASCII in their xn-- form"
      : "a lower-case DNS name, *.domain, or *; no scheme, port or path",
  }),
});

/** Milliseconds, written as `250ms`, `10s`, `1m30s`. */
export const durationText = v.pipe(
  text({
    is: (t) => (parseDuration(t) ?? 0) > 0,
    finding: (t) => ({
      code: "bad-duration",
      message: `${quoted(t)} is not a duration above zero`,
      hint: "a number and its unit, as in 250ms, 10s or 1m30s",
    }),
    notes: { pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$" },
  }),
  v.transform((t: string) => parseDuration(t) ?? 0),
);

export const dateText = text({
  is: isDate,
  finding: (t) => ({
    code: "bad-date",
    message: `${quoted(t)} is not a day`,
    hint: "write it as 2027-01-31",
  }),
  notes: { pattern: "^\\d{4}-\\d{2}-\\d{2}$" },
});

export const portNumber = v.pipe(
  v.number(),
  v.check(isPort, (issue) =>
    said({
      code: "bad-port",
      message: `${issue.input} is not a port`,
      hint: "a whole number from 1 to 65535",
    }),
  ),
);

/** A whole number within bounds. */
export function wholeNumber(least: number, most: number) {
  return v.pipe(
    v.number(),
    v.check(
      (n) => Number.isInteger(n) && n >= least && n <= most,
      (issue) =>
        said({
          code: "out-of-range",
          message: `${issue.input} is not a whole number from ${least} to ${most}`,
        }),
    ),
  );
}

/** One of some words. */
export function oneOf<const T extends string>(words: readonly T[]) {
  return v.picklist(words, (issue) => said(notOneOf(issue.input, words)));
}

function notOneOf(input: unknown, words: readonly string[]): Finding {
  const choices = words.join(", ");
  if (typeof input !== "string") {
    return { code: "wrong-type", message: `expected one of ${choices}, found ${nameOf(input)}` };
  }
  const near = nearest(input, words);
  return {
    code: "unknown-value",
    message: `unknown value ${quoted(input)}, expected one of ${choices}`,
    ...(near === undefined ? {} : { hint: `did you mean ${quoted(near)}?` }),
  };
}

/** A section that is one of several, told apart by a word under `key`. */
export function anyOfKinds<const K extends string, const T extends v.VariantOptions<K>>(key: K, options: T) {
  const words = options.flatMap((option) => wordsOf(option as unknown as Choice, key));
  return v.variant(key, options, (issue) =>
    said(
      issue.expected === "Object"
        ? { code: "wrong-type", message: `expected a section of keys, found ${nameOf(issue.input)}` }
        : notOneOf(issue.input, words),
    ),
  );
}

interface Choice {
  readonly entries: Readonly<Record<string, { readonly literal?: string }>>;
}

function wordsOf({ entries }: Choice, key: string): string[] {
  const word = entries[key]?.literal;
  return word === undefined ? [] : [word];
}

/** A section with exactly one of some keys, each in its own type. */
export function exactlyOne<const T extends v.ObjectEntries>(entries: T, keys: readonly (keyof T & string)[]) {
  return v.pipe(
    v.object(entries),
    v.check(
      (value) => keys.filter((k) => (value as Record<string, unknown>)[k] !== undefined).length === 1,
      said({ code: "not-exactly-one", message: `expected exactly one of ${keys.join(", ")}` }),
    ),
  );
}

/** A list with at least one item. */
export function someOf<const T extends v.GenericSchema>(item: T) {
  return v.pipe(
    v.array(item),
    v.check(
      (list) => list.length > 0,
      said({
        code: "empty-list",
        message: "the list is empty",
        hint: "name at least one, or leave the key out",
      }),
    ),
  );
}

/** What a value looks like to the one who wrote it. */
export function nameOf(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a section";
  const shown = quoted(value) ?? typeof value;
  return shown.length > 60 ? `${shown.slice(0, 57)}…` : shown;
}
