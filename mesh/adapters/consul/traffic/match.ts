import type { JsonObject } from "../../../../lib";
import type { GrpcMatch, Match, NamedMatch } from "../../../intent/types";
import type { PathRoute } from "./paths";
import { quoted } from "./paths";

/** What a route of Consul's asks of a request; nothing for one that holds for every request. */
export function matchOf(path: PathRoute, match: Match | GrpcMatch): JsonObject | undefined {
  const http = { ...path.match, ...parts(match, path.pathHeader) };
  return Object.keys(http).length === 0 ? undefined : { http };
}

function parts(match: Match | GrpcMatch, pathHeader: string | undefined): JsonObject {
  const cookies = "cookies" in match ? match.cookies : [];
  const header = [
    ...match.headers.map((h) => named({ ...h, name: h.name === "host" ? ":authority" : h.name })),
    ...cookies.map(cookie),
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

function cookie(match: NamedMatch): JsonObject {
  return { name: "cookie", regex: cookieRegex(match) };
}

/** Cookies come in one header, parted by semicolons and blanks. */
export function cookieRegex({ name, match }: NamedMatch): string {
  const value = match.kind === "exact" ? quoted(match.value) : `(?:${match.value})`;
  return `(?:.*; *)?${quoted(name)}=${value}(?: *;.*)?`;
}
