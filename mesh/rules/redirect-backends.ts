import { errorAt, type Diagnostic } from "../../lib";
import { isHttpRoute, type RouteRule } from "../intent/types";
import type { Rule } from "./types";

export const redirectBackends: Rule = {
  code: "redirect-backends",
  title: "A rule either redirects or has backends, and what is for backends stands beside them.",
  check: ({ intent }) => intent.routes.filter(isHttpRoute).flatMap(({ rules }) => rules.flatMap(faults)),
};

function faults(rule: RouteRule): Diagnostic[] {
  const { redirect, backends, rewrite, retry, timeoutMs, mirrors, at } = rule;
  if (redirect === undefined) {
    if (backends.length > 0) return [];
    const message = "the rule has neither backends nor a redirect";
    return [errorAt(at, { code: "redirect-backends", message, hint: "say where its requests go" })];
  }
  const besides: Readonly<Record<string, boolean>> = {
    backends: backends.length > 0,
    rewrite: rewrite !== undefined,
    timeout: timeoutMs !== undefined,
    retry: retry !== undefined,
    mirror: mirrors.length > 0,
  };
  return Object.entries(besides)
    .filter(([, there]) => there)
    .map(([key]) =>
      errorAt([...at, key], {
        code: "redirect-backends",
        message: `the rule redirects, so nothing is sent on for which ${key} could hold`,
        hint: `take out ${key} or redirect`,
      }),
    );
}
