import * as v from "valibot";
import {
  durationText,
  exactlyOne,
  hostText,
  nameText,
  notes,
  oneOf,
  portNumber,
  serviceKeyText,
  someOf,
  text,
  wholeNumber,
} from "../schema";
import { said } from "../schema/said";
import { isRe2 } from "./re2";

const regexText = text({
  is: isRe2,
  finding: (t) => ({
    code: "bad-regex",
    message: `${JSON.stringify(t.slice(0, 80))} is not a regular expression that proxies can run`,
    hint: "RE2 syntax, at most 1024 characters: no look-around, no back-references; it matches the whole value",
  }),
});

const pathText = text({
  is: (t) => /^\/[^\s?#]*$/.test(t) && t.length <= 1024,
  finding: (t) => ({
    code: "bad-path",
    message: `${JSON.stringify(t.slice(0, 80))} is not a path`,
    hint: "it begins with / and has no blanks, query or fragment",
  }),
});

const tokenText = text({
  is: (t) => /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}$/.test(t),
  finding: (t) => ({
    code: "bad-name",
    message: `${JSON.stringify(t.slice(0, 80))} is not the name of a header or parameter`,
    hint: "letters, digits and -; no colon and no blanks",
  }),
});

const valueMatch = exactlyOne({ exact: v.optional(v.string()), regex: v.optional(regexText) }, [
  "exact",
  "regex",
]);

const pathMatch = exactlyOne(
  { exact: v.optional(pathText), prefix: v.optional(pathText), regex: v.optional(regexText) },
  ["exact", "prefix", "regex"],
);

const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"] as const;

const match = v.pipe(
  v.object({
    path: v.optional(pathMatch),
    method: v.optional(oneOf(METHODS)),
    headers: v.optional(v.record(tokenText, valueMatch)),
    query: v.optional(v.record(tokenText, valueMatch)),
  }),
  notes({ later: ["cookies"] }),
);

const backend = v.object({
  service: serviceKeyText,
  version: v.optional(nameText),
  port: v.optional(portNumber),
  weight: v.optional(wholeNumber(0, 1_000_000)),
});

const RETRY_ON = [
  "5xx",
  "gateway-error",
  "connect-failure",
  "reset",
  "refused-stream",
  "retriable-4xx",
] as const;

/** The words' own message: whoever did not write a number meant a word. */
const retryOnMessage = (issue: v.UnionIssue<v.BaseIssue<unknown>>): string =>
  issue.issues?.[0]?.message ?? "not a condition to retry on";

const retry = v.pipe(
  v.object({
    retries: wholeNumber(1, 100),
    perTryTimeout: v.optional(durationText),
    on: v.optional(someOf(v.union([oneOf(RETRY_ON), wholeNumber(400, 599)], retryOnMessage))),
  }),
  notes({ later: ["backoff", "budget"] }),
);

const rule = v.pipe(
  v.object({
    name: v.optional(nameText),
    match: v.optional(someOf(match)),
    backends: someOf(backend),
    timeout: v.optional(durationText),
    retry: v.optional(retry),
  }),
  notes({ later: ["fault", "mirror", "headers", "rewrite", "redirect"] }),
);

const target = v.pipe(
  exactlyOne(
    {
      service: v.optional(serviceKeyText),
      port: v.optional(portNumber),
      gateway: v.optional(nameText),
      hosts: v.optional(someOf(hostText)),
    },
    ["service", "gateway"],
  ),
  v.check(
    (t) => t.hosts === undefined || t.service === undefined,
    said({
      code: "misplaced-key",
      message: "hosts belong to a gateway's route; a service answers at its own name",
    }),
  ),
  v.check(
    (t) => t.port === undefined || t.gateway === undefined,
    said({
      code: "misplaced-key",
      message: "port belongs to a service's route; a gateway's ports are its listeners",
    }),
  ),
);

export const routeSchema = v.object({
  kind: oneOf(["http"], ["grpc", "tcp", "tls"]),
  for: target,
  rules: someOf(rule),
});
