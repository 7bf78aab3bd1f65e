import type { JsonObject } from "../../../../lib";
import type { Match, NamedMatch, PathMatch } from "../../../intent/types";
import { cookieHeader } from "../../../gateway-api/cookie-header";
import { stem } from "../traffic/paths";

/** One path of a match as the Gateway API writes it, and what it is rewritten to. */
export interface GatewayPath {
  readonly type: "Exact" | "PathPrefix" | "RegularExpression";
  readonly value: string;
  readonly rewrite?: string;
}

/**
 * Consul reads the Gateway API's prefixes as characters, so that ours is two matches. Its gateways cut a prefix off
 * that is not rewritten, so that it is rewritten to itself.
 */
export function gatewayPaths(path: PathMatch, target: string | undefined): GatewayPath[] {
  if (path.kind === "exact") return [{ type: "Exact", value: path.value }];
  if (path.kind === "regex") return [{ type: "RegularExpression", value: path.value }];
  const prefix = stem(path.value);
  if (prefix !== "") {
    const below: GatewayPath = { type: "PathPrefix", value: `${prefix}/`, rewrite: `${prefix}/` };
    return [{ type: "Exact", value: prefix }, below];
  }
  const to = target === undefined ? "" : stem(target);
  return [{ type: "PathPrefix", value: "/", ...(to === "" ? {} : { rewrite: `${to}/` }) }];
}

/** A match with one of its paths. */
export function gatewayMatch(
  { type, value }: GatewayPath,
  { method, headers, query, cookies }: Match,
): JsonObject {
  const asked = [
    ...headers.map(named),
    ...(cookies.length === 0
      ? []
      : [{ name: "cookie", type: "RegularExpression", value: cookieHeader(cookies) }]),
  ];
  return {
    path: { type, value },
    ...(asked.length === 0 ? {} : { headers: asked }),
    ...(query.length === 0 ? {} : { queryParams: query.map(named) }),
    ...(method === undefined ? {} : { method }),
  };
}

function named({ name, match }: NamedMatch): { name: string; type: string; value: string } {
  return { name, type: match.kind === "exact" ? "Exact" : "RegularExpression", value: match.value };
}
