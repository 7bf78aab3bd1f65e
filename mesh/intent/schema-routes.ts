import * as v from "valibot";
import {
  anyOfKinds,
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
import {
  headerValue,
  pathMatch,
  pathText,
  percentage,
  someKey,
  tokenText,
  valueMatch,
} from "./schema-common";
import { RETRY_WORDS } from "./words";

const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"] as const;

const match = v.object({
  path: v.optional(pathMatch),
  method: v.optional(oneOf(METHODS)),
  headers: v.optional(v.record(tokenText, valueMatch)),
  query: v.optional(v.record(tokenText, valueMatch)),
  cookies: v.optional(v.record(tokenText, valueMatch)),
});

const grpcName = (what: string, pattern: RegExp) =>
  text({
    is: (t) => pattern.test(t) && t.length <= 1024,
    finding: (t) => ({ code: "bad-name", message: `${JSON.stringify(t.slice(0, 80))} is not ${what}` }),
  });

const grpcMatch = v.object({
  service: v.optional(
    grpcName("a gRPC service, as in shop.v1.Cart", /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/),
  ),
  method: v.optional(grpcName("a gRPC method, as in GetItem", /^[A-Za-z_][A-Za-z0-9_]*$/)),
  headers: v.optional(v.record(tokenText, valueMatch)),
});

const backend = v.object({
  service: serviceKeyText,
  version: v.optional(nameText),
  port: v.optional(portNumber),
  weight: v.optional(wholeNumber(0, 1_000_000)),
});

/** The words' own message: whoever did not write a number meant a word. */
const retryOnMessage = (issue: v.UnionIssue<v.BaseIssue<unknown>>): string =>
  issue.issues?.[0]?.message ?? "not a condition to retry on";

const retry = v.object({
  retries: wholeNumber(1, 100),
  perTryTimeout: v.optional(durationText),
  on: v.optional(someOf(v.union([oneOf(RETRY_WORDS), wholeNumber(400, 599)], retryOnMessage))),
  backoff: v.optional(durationText),
  budget: v.optional(v.object({ percent: wholeNumber(1, 100) })),
});

/** `status` is of HTTP or of gRPC, as the route's kind is. */
const faultWith = (least: number, most: number) =>
  v.pipe(
    v.object({
      delay: v.optional(v.object({ percent: percentage, duration: durationText })),
      abort: v.optional(v.object({ percent: percentage, status: wholeNumber(least, most) })),
    }),
    someKey(),
  );

const mirror = v.object({
  service: serviceKeyText,
  version: v.optional(nameText),
  port: v.optional(portNumber),
  percent: v.optional(percentage),
});

const headerChange = v.pipe(
  v.object({
    set: v.optional(v.record(tokenText, headerValue)),
    add: v.optional(v.record(tokenText, headerValue)),
    remove: v.optional(someOf(tokenText)),
  }),
  someKey(),
);

const headers = v.pipe(
  v.object({ request: v.optional(headerChange), response: v.optional(headerChange) }),
  someKey(),
);

/** A new path, in one of two ways. */
const atMostOnePath = <T extends { prefix?: string | undefined; path?: string | undefined }>() =>
  v.check<T, string>(
    ({ prefix, path }) => prefix === undefined || path === undefined,
    said({
      code: "not-exactly-one",
      message: "prefix and path are two ways to change one path",
      hint: "prefix replaces what the match's prefix matched, path all of it",
    }),
  );

const rewrite = v.pipe(
  v.object({
    host: v.optional(hostText),
    prefix: v.optional(pathText),
    path: v.optional(pathText),
  }),
  someKey(),
  atMostOnePath(),
);

const STATUSES = [301, 302, 303, 307, 308] as const;

const redirect = v.pipe(
  v.object({
    scheme: v.optional(oneOf(["http", "https"])),
    host: v.optional(hostText),
    port: v.optional(portNumber),
    prefix: v.optional(pathText),
    path: v.optional(pathText),
    status: v.optional(
      v.picklist(
        STATUSES,
        said({ code: "unknown-value", message: `expected one of ${STATUSES.join(", ")}` }),
      ),
    ),
  }),
  someKey(),
  atMostOnePath(),
);

const ofRequests = {
  name: v.optional(nameText),
  timeout: v.optional(durationText),
  retry: v.optional(retry),
  mirror: v.optional(someOf(mirror)),
  headers: v.optional(headers),
};

const httpRule = v.object({
  ...ofRequests,
  match: v.optional(someOf(match)),
  backends: v.optional(someOf(backend)),
  fault: v.optional(faultWith(200, 599)),
  rewrite: v.optional(rewrite),
  redirect: v.optional(redirect),
});

const grpcRule = v.object({
  ...ofRequests,
  match: v.optional(someOf(grpcMatch)),
  backends: someOf(backend),
  fault: v.optional(faultWith(1, 16)),
});

const tcpRule = v.object({ name: v.optional(nameText), backends: someOf(backend) });

const tlsRule = v.object({ name: v.optional(nameText), sni: someOf(hostText), backends: someOf(backend) });

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

const oneRule = v.check<v.InferOutput<typeof tcpRule>[], string>(
  (rules) => rules.length === 1,
  said({
    code: "too-many-rules",
    message: "a tcp route has one rule: connections have nothing that rules could tell apart",
  }),
);

export type WrittenMatch = v.InferOutput<typeof match>;
export type WrittenGrpcMatch = v.InferOutput<typeof grpcMatch>;
export type WrittenBackend = v.InferOutput<typeof backend>;
export type WrittenMirror = v.InferOutput<typeof mirror>;
export type WrittenHttpRule = v.InferOutput<typeof httpRule>;
export type WrittenGrpcRule = v.InferOutput<typeof grpcRule>;
export type WrittenHeaders = v.InferOutput<typeof headers>;

export const routeSchema = v.pipe(
  anyOfKinds("kind", [
    v.object({ kind: v.literal("http"), for: target, rules: someOf(httpRule) }),
    v.object({ kind: v.literal("grpc"), for: target, rules: someOf(grpcRule) }),
    v.object({ kind: v.literal("tcp"), for: target, rules: v.pipe(someOf(tcpRule), oneRule) }),
    v.object({ kind: v.literal("tls"), for: target, rules: someOf(tlsRule) }),
  ]),
  notes({ description: "Where requests or connections to a service or through a gateway go." }),
);
