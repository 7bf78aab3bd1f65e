import { sortedBy } from "../../lib";
import { contentText } from "../intent/order";
import type { GrpcMatch, GrpcRule, Match, NamedMatch, RouteRule, ValueMatch } from "../intent/types";
import { cookiesIn } from "./cookies";
import { quoteRegex, unquoteRegex } from "./values";

/** Headers of a match, those that tell of cookies apart from the others. */
export function splitCookies(headers: readonly NamedMatch[]): Pick<Match, "headers" | "cookies"> {
  const split = headers.map((header) => ({ header, cookies: cookiesOf(header) }));
  const others = split.filter(({ cookies }) => cookies === undefined).map(({ header }) => header);
  const cookies = split.flatMap((part) => part.cookies ?? []);
  return { headers: sortedBy(others.map(plainHost), contentText), cookies: sortedBy(cookies, contentText) };
}

function cookiesOf({ name, match }: NamedMatch): NamedMatch[] | undefined {
  return name === "cookie" && match.kind === "regex" ? cookiesIn(match.value) : undefined;
}

const PORT = "(?::[0-9]+)?";

/** An intent's `host` is without its port, for which expressions made of it make room. */
function plainHost(header: NamedMatch): NamedMatch {
  const { name, match } = header;
  if (name !== "host" || match.kind !== "regex" || !match.value.endsWith(PORT)) return header;
  const value = match.value.slice(0, -PORT.length);
  const grouped = /^\(\?:(.*)\)$/.exec(value)?.[1];
  const plain = unquoteRegex(value);
  if (grouped !== undefined) return { name, match: { kind: "regex", value: grouped } };
  return plain === undefined ? header : { name, match: { kind: "exact", value: plain } };
}

/** A regular expression without operators is an exact match. */
export function plainest(pattern: string): ValueMatch {
  const plain = unquoteRegex(pattern);
  return plain === undefined ? { kind: "regex", value: pattern } : { kind: "exact", value: plain };
}

export function startsWith(prefix: string): ValueMatch {
  return { kind: "regex", value: `${quoteRegex(prefix)}.*` };
}

export const ANY: ValueMatch = { kind: "regex", value: ".*" };

const GRPC_NAME = "[A-Za-z_][A-Za-z0-9_]*";
const GRPC_EXACT = new RegExp(`^/(${GRPC_NAME}(?:\\.${GRPC_NAME})*)/(${GRPC_NAME})$`);
const GRPC_SERVICE = new RegExp(`^/(${GRPC_NAME}(?:\\.${GRPC_NAME})*)$`);
const GRPC_EVERY = /^\/(.+)\/\[\^\/\][+*]$/;
const GRPC_METHOD = new RegExp(`^/\\[\\^/\\][+*]/(${GRPC_NAME})$`);

/** The same rules in the words of gRPC, if every one of them can be said so. */
export function asGrpc(rules: readonly RouteRule[]): GrpcRule[] | undefined {
  const said = rules.map((rule) => {
    const { matches, rewrite, redirect, ...others } = rule;
    const calls = matches.map(grpcMatchOf);
    const known = calls.filter((call): call is GrpcMatch => call !== undefined);
    const plain = rewrite === undefined && redirect === undefined && known.length === calls.length;
    return plain ? { ...others, matches: known } : undefined;
  });
  const all = said.flatMap((rule): GrpcRule[] => (rule === undefined ? [] : [rule]));
  return all.length === rules.length ? all : undefined;
}

function grpcMatchOf({ path, method, headers, query, cookies, at }: Match): GrpcMatch | undefined {
  if (query.length + cookies.length > 0 || (method !== undefined && method !== "POST")) return undefined;
  const { kind, value } = path;
  if (kind === "prefix" && value === "/") return { headers, at };
  if (kind === "prefix") {
    const service = GRPC_SERVICE.exec(value)?.[1];
    return service === undefined ? undefined : { service, headers, at };
  }
  if (kind === "exact") {
    const [, service, call] = GRPC_EXACT.exec(value) ?? [];
    return service === undefined || call === undefined ? undefined : { service, method: call, headers, at };
  }
  const every = GRPC_EVERY.exec(value)?.[1];
  const service = every === undefined ? undefined : unquoteRegex(every);
  if (service !== undefined) return { service, headers, at };
  const call = GRPC_METHOD.exec(value)?.[1];
  return call === undefined ? undefined : { method: call, headers, at };
}
