import type { JsonObject } from "../../../../lib";
import { cookieHeader } from "../../../gateway-api/cookie-header";
import type { GrpcMatch, Match, NamedMatch } from "../../../intent/types";
import type { PathRoute } from "./paths";

/** What a route of Consul's asks of a request; nothing for one that holds for every request. */
export function matchOf(path: PathRoute, match: Match | GrpcMatch): JsonObject | undefined {
  const http = { ...path.match, ...parts(match, path.pathHeader) };
  return Object.keys(http).length === 0 ? undefined : { http };
}

function parts(match: Match | GrpcMatch, pathHeader: string | undefined): JsonObject {
  const cookies = "cookies" in match ? match.cookies : [];
  const header = [
    ...match.headers.map((h) => named({ ...h, name: h.name === "host" ? ":authority" : h.name })),
    ...(cookies.length === 0 ? [] : [{ name: "cookie", regex: cookieHeader(cookies) }]),
    ...(pathHeader === undefined ? [] : [{ name: ":path", regex: pathHeader }]),
  ];
  const query = "query" in match ? match.query.map(named) : [];
  const method = "query" in match ? match.method : undefined;
  return {
    ...(header.length === 0 ? {} : { header }),
    ...(query.length === 0 ? {} : { queryParam: query }),
    ...(method === undefined ? {} : { methods: [method] }),
  };
}

function named({ name, match }: NamedMatch): JsonObject {
  return { name, [match.kind]: match.value };
}
