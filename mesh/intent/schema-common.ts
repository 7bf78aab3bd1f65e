import * as v from "valibot";
import { isCidr } from "../../lib";
import { exactlyOne, text } from "../schema";
import { said } from "../schema/said";
import { isLabelKey, isLabelValue } from "./labels";
import { isRe2 } from "./re2";

/** Formats that several parts of the intent share. */

const quoted = (t: string): string => JSON.stringify(t.slice(0, 80));

const labelKey = text({
  is: isLabelKey,
  finding: (t) => ({
    code: "bad-label",
    message: `${quoted(t)} is not a label`,
    hint: "as Kubernetes takes them: [prefix/]name, at most 63 letters, digits, -, _ and .",
  }),
});

const labelValue = text({
  is: isLabelValue,
  finding: (t) => ({
    code: "bad-label",
    message: `${quoted(t)} is not the value of a label`,
    hint: "at most 63 letters, digits, -, _ and .; quote numbers and words such as true",
  }),
});

export const labels = v.record(labelKey, labelValue);

const regexText = text({
  is: isRe2,
  finding: (t) => ({
    code: "bad-regex",
    message: `${quoted(t)} is not a regular expression that proxies can run`,
    hint: "RE2 syntax, at most 1024 characters: no look-around, no back-references; it matches the whole value",
  }),
});

export const pathText = text({
  is: (t) => /^\/[^\s?#]*$/.test(t) && t.length <= 1024,
  finding: (t) => ({
    code: "bad-path",
    message: `${quoted(t)} is not a path`,
    hint: "it begins with / and has no blanks, query or fragment",
  }),
});

/** The name of a header, a query parameter or a cookie. */
export const tokenText = text({
  is: (t) => /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}$/.test(t),
  finding: (t) => ({
    code: "bad-name",
    message: `${quoted(t)} is not the name of a header, parameter or cookie`,
    hint: "letters, digits and -; no colon and no blanks",
  }),
});

export const valueMatch = exactlyOne({ exact: v.optional(v.string()), regex: v.optional(regexText) }, [
  "exact",
  "regex",
]);

export const pathMatch = exactlyOne(
  { exact: v.optional(pathText), prefix: v.optional(pathText), regex: v.optional(regexText) },
  ["exact", "prefix", "regex"],
);

export const headerValue = text({
  // What HTTP allows in a field's value; anything else could end the header and begin another.
  is: (t) => /^[\t\x20-\x7e\x80-\xff]{0,4096}$/.test(t) && t.trim() === t,
  finding: (t) => ({
    code: "bad-header-value",
    message: `${quoted(t)} cannot be the value of a header`,
    hint: "one line of printable characters, with no blanks at its ends",
  }),
});

/** Above 0, at most 100, in steps of a ten-thousandth: what every proxy can express. */
export const percentage = v.pipe(
  v.number(),
  v.check(
    (n) => n > 0 && n <= 100 && Number(n.toFixed(4)) === n,
    (issue) =>
      said({
        code: "out-of-range",
        message: `${issue.input} is not a percentage`,
        hint: "above 0, at most 100, with at most four decimals",
      }),
  ),
);

export const cidrText = text({
  is: isCidr,
  finding: (t) => ({
    code: "bad-cidr",
    message: `${quoted(t)} is not a block of addresses`,
    hint: "write 10.0.0.0/8 or fd00::/8; one address is 10.1.2.3/32",
  }),
});

export const urlText = text({
  is: (t) => /^https?:\/\/[a-z0-9.-]+(:\d{1,5})?(\/[^\s]*)?$/i.test(t) && t.length <= 2048,
  finding: (t) => ({
    code: "bad-url",
    message: `${quoted(t)} is not a URL`,
    hint: "http:// or https://, a host, and a path",
  }),
});

/** Anything that says something, on one line. */
export const wordsText = text({
  is: (t) => /^\S(.{0,1022}\S)?$/.test(t),
  finding: (t) => ({
    code: "bad-text",
    message: `${quoted(t)} says nothing`,
    hint: "one line of at most 1024 characters, with no blanks at its ends",
  }),
});

/** A check that at least one of a section's keys is there. */
export function someKey<T extends object>() {
  return v.check<T, string>(
    (value) => Object.values(value).some((each) => each !== undefined),
    said({
      code: "empty-section",
      message: "the section is empty",
      hint: "write one of its keys, or leave it out",
    }),
  );
}
