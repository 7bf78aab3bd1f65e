import { errorAt } from "../../lib";
import type { NamedMatch, NormalizedIntent, Written } from "../intent/types";
import type { Rule } from "./types";

export const duplicateHeader: Rule = {
  code: "duplicate-header",
  title: "A match names each header once; headers are the same in any case.",
  check: ({ intent }) =>
    matchesOf(intent).flatMap(({ headers, at }) =>
      headers
        .filter((h, i) => headers[i - 1]?.name === h.name)
        .map((h) =>
          errorAt([...at, "headers"], {
            code: "duplicate-header",
            message: `the header ${JSON.stringify(h.name)} is matched twice, spelled in different cases`,
          }),
        ),
    ),
};

type WithHeaders = Written & { readonly headers: readonly NamedMatch[] };

function matchesOf({ routes }: NormalizedIntent): WithHeaders[] {
  return routes.flatMap((route): WithHeaders[] => {
    if (route.kind === "http") return route.rules.flatMap((rule) => rule.matches);
    return route.kind === "grpc" ? route.rules.flatMap((rule) => rule.matches) : [];
  });
}
