import { errorAt } from "../../lib";
import { isHttpRoute } from "../intent/types";
import type { Rule } from "./types";

export const duplicateHeader: Rule = {
  code: "duplicate-header",
  title: "A match names each header once; headers are the same in any case.",
  check: ({ intent }) =>
    intent.routes
      .filter(isHttpRoute)
      .flatMap((route) => route.rules.flatMap((rule) => rule.matches))
      .flatMap(({ headers, at }) =>
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
