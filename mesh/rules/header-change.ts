import { errorAt, type Diagnostic, type FieldPath } from "../../lib";
import type { GrpcRule, HeaderChange, NormalizedIntent, RouteRule } from "../intent/types";
import type { Rule } from "./types";

/** Headers that belong to a connection or say where a message ends: proxies do not let routes change them. */
const RESERVED = new Set([
  "connection",
  "content-length",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

export const headerChange: Rule = {
  code: "header-change",
  title: "A header is changed in one way, and those that belong to the connection in none.",
  check: ({ intent }) =>
    rulesOf(intent).flatMap(({ headers, at }) =>
      headers === undefined
        ? []
        : (["request", "response"] as const).flatMap((side) =>
            faults(headers[side], [...at, "headers", side]),
          ),
    ),
};

function rulesOf({ routes }: NormalizedIntent): (RouteRule | GrpcRule)[] {
  return routes.flatMap((route): readonly (RouteRule | GrpcRule)[] =>
    route.kind === "http" || route.kind === "grpc" ? route.rules : [],
  );
}

function faults({ set, add, remove }: HeaderChange, at: FieldPath): Diagnostic[] {
  const names = [...set.map(({ name }) => name), ...add.map(({ name }) => name), ...remove];
  const twice = new Set(names.filter((name, i) => names.indexOf(name) < i));
  return [...new Set(names)].flatMap((name): Diagnostic[] => {
    if (RESERVED.has(name)) {
      const hint = name === "host" ? "use rewrite: { host }" : "take it out";
      const message = `the header ${JSON.stringify(name)} is not a route's to change`;
      return [errorAt(at, { code: "header-change", message, hint })];
    }
    if (!twice.has(name)) return [];
    const message = `the header ${JSON.stringify(name)} is changed in two ways, and which comes first is open`;
    return [errorAt(at, { code: "header-change", message, hint: "keep one of set, add and remove" })];
  });
}
