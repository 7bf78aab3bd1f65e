import type { HeaderMatcher, RouteMatch, StringMatcher } from "../xds/types";

/** A request as a proxy sees it. Header names are lower case; `:method` and the like come from the other fields. */
export interface Request {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly headers: { readonly [name: string]: string };
  readonly query: { readonly [name: string]: string };
  readonly host: string;
  /** The port of the pod that the request arrives at. */
  readonly port: number;
  /** The caller's SPIFFE id, by its client certificate; undefined without one. */
  readonly principal?: string;
}

/** Whether something matches; undefined if this tool cannot tell, because the matcher is of a kind it does not know. */
export type Verdict = boolean | undefined;

export function not(verdict: Verdict): Verdict {
  return verdict === undefined ? undefined : !verdict;
}

export function all(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) ? undefined : true;
}

export function some(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(true)) return true;
  return verdicts.includes(undefined) ? undefined : false;
}

/** Envoy's regular expressions are RE2 and match the whole value. Undefined for one that JavaScript cannot read. */
export function matchRegex(regex: string, value: string): Verdict {
  const [, flags = "", body = regex] = /^\(\?([ims]+)\)(.*)$/s.exec(regex) ?? [];
  try {
    return new RegExp(`^(?:${body})$`, `u${flags}`).test(value);
  } catch {
    return undefined;
  }
}

export function matchString(matcher: StringMatcher | undefined, value: string): Verdict {
  if (matcher === undefined) return undefined;
  const fold = (text: string) => (matcher.ignoreCase === true ? text.toLowerCase() : text);
  const { exact, prefix, suffix, contains, safeRegex } = matcher;
  if (exact !== undefined) return fold(value) === fold(exact);
  if (prefix !== undefined) return fold(value).startsWith(fold(prefix));
  if (suffix !== undefined) return fold(value).endsWith(fold(suffix));
  if (contains !== undefined) return fold(value).includes(fold(contains));
  if (safeRegex?.regex !== undefined) return matchRegex(safeRegex.regex, value);
  return undefined;
}

function headerValue(request: Request, name: string): string | undefined {
  switch (name.toLowerCase()) {
    case ":method":
      return request.method;
    case ":path":
      return request.path;
    case ":authority":
    case "host":
      return request.host;
    default:
      return request.headers[name.toLowerCase()];
  }
}

export function matchHeader(matcher: HeaderMatcher, request: Request): Verdict {
  const value = headerValue(request, matcher.name ?? "");
  const verdict = matchHeaderValue(matcher, value);
  // A header that is missing never matches by value, inverted or not: only "present" can be inverted into "absent".
  if (value === undefined && matcher.presentMatch === undefined)
    return verdict === undefined ? undefined : false;
  return matcher.invertMatch === true ? not(verdict) : verdict;
}

function matchHeaderValue(matcher: HeaderMatcher, value: string | undefined): Verdict {
  if (matcher.presentMatch !== undefined) return (value !== undefined) === matcher.presentMatch;
  if (matcher.exactMatch !== undefined) return value === matcher.exactMatch;
  if (matcher.safeRegexMatch?.regex !== undefined)
    return matchRegex(matcher.safeRegexMatch.regex, value ?? "");
  return matchString(matcher.stringMatch, value ?? "");
}

function matchPath(match: RouteMatch, path: string): Verdict {
  if (match.path !== undefined) return path === match.path;
  if (match.prefix !== undefined) return path.startsWith(match.prefix);
  if (match.pathSeparatedPrefix !== undefined) {
    return path === match.pathSeparatedPrefix || path.startsWith(`${match.pathSeparatedPrefix}/`);
  }
  if (match.safeRegex?.regex !== undefined) return matchRegex(match.safeRegex.regex, path);
  return undefined;
}

/** Whether a route's `match` takes the request. */
export function matchRoute(match: RouteMatch, request: Request): Verdict {
  const query = (match.queryParameters ?? []).map((parameter): Verdict => {
    const value = request.query[parameter.name ?? ""];
    if (parameter.presentMatch !== undefined) return (value !== undefined) === parameter.presentMatch;
    return value === undefined ? false : matchString(parameter.stringMatch, value);
  });
  const headers = (match.headers ?? []).map((header) => matchHeader(header, request));
  return all([matchPath(match, request.path), ...headers, ...query]);
}
