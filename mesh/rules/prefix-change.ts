import { errorAt, type Diagnostic } from "../../lib";
import { isHttpRoute, type RouteRule } from "../intent/types";
import type { Rule } from "./types";

export const prefixChange: Rule = {
  code: "prefix-change",
  title: "A prefix is replaced only where every match of the rule is by prefix.",
  check: ({ intent }) => intent.routes.filter(isHttpRoute).flatMap(({ rules }) => rules.flatMap(faults)),
};

function faults({ rewrite, redirect, matches, at }: RouteRule): Diagnostic[] {
  const strange = matches.find(({ path }) => path.kind !== "prefix");
  if (strange === undefined) return [];
  return Object.entries({ rewrite, redirect })
    .filter(([, change]) => change?.path?.kind === "prefix")
    .map(([key]) =>
      errorAt([...at, key, "prefix"], {
        code: "prefix-change",
        message: `a match of this rule is by ${strange.path.kind}, so there is no prefix to replace`,
        hint: "match by prefix, or write path instead of prefix",
      }),
    );
}
