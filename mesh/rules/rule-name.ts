import { errorAt, type Diagnostic } from "../../lib";
import type { Rule } from "./types";

export const ruleName: Rule = {
  code: "rule-name",
  title: "No two rules of a route have one name.",
  check: ({ intent }) =>
    intent.routes.flatMap(({ rules }) => {
      const seen = new Set<string>();
      return (rules as readonly { readonly name?: string; readonly at: Diagnostic["path"] }[]).flatMap(
        ({ name, at }) => {
          if (name === undefined) return [];
          const again = seen.has(name);
          seen.add(name);
          const message = `another rule of this route is called ${name}`;
          return again ? [errorAt([...at, "name"], { code: "rule-name", message, hint: "rename one" })] : [];
        },
      );
    }),
};
