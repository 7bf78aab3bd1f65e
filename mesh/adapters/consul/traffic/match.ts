import type { JsonObject } from "../../../../lib";
import { cookieHeader } from "../../../gateway-api/cookie-header";
import type { GrpcMatch, Match, NamedMatch } from "../../../intent/types";
import type { PathRoute } from "./paths";

/** What a route of Consul's asks of a request; nothing for one that holds for every request. */
export function matchOf(path: PathRoute, match: Match | GrpcMatch): JsonObject | undefined {
  const { header, methods, queryParam } = parts(match, path.pathHeader);
  const http = {
    ...(header.length === 0 ? {} : { header }),
    ...(methods.length === 0 ? {} : { methods }),
    ...path.match,
    ...(queryParam.length === 0 ? {} : { queryParam }),
  };
  return Object.keys(http).length === 0 ? undefined : { http };
}

function parts(match: Match | GrpcMatch, pathHeader: string | undefined) {
  const cookies = "cookies" in match ? match.cookies : [];
  const header = [
    ...match.headers.map((h) => named({ ...h, name: h.name === "host" ? ":authority" : h.name })),
    ...(cookies.length === 0 ? [] : [{ name: "cookie", regex: cookieHeader(cookies) }]),
    ...(pathHeader === undefined ? [] : [{ name: ":path", regex: pathHeader }]),
  ];
  const queryParam = "query" in match ? match.query.map(named) : [];
  const method = "query" in match ? match.method : undefined;
  return { header, queryParam, methods: method === undefined ? [] : [method] };
}

function named({ name, match }: NamedMatch): JsonObject {
  return { name, [match.kind]: match.value };
}
