import type { HeaderChange } from "../intent/types";
import { httpRulesWith, lacking, requestsWith } from "./places";
import type { Definition, RequestRuleOf, RuleChange } from "./types";

const API = "https://gateway-api.sigs.k8s.io";
const REWRITE = `${API}/guides/http-redirect-rewrite/`;

const NOTHING: HeaderChange = { set: [], add: [], remove: [] };

function changes({ set, add, remove }: HeaderChange): boolean {
  return set.length + add.length + remove.length > 0;
}

function unchanged(side: "request" | "response"): RuleChange {
  return <R extends RequestRuleOf>(rule: R): R => {
    if (rule.headers === undefined) return rule;
    const headers = { ...rule.headers, [side]: NOTHING };
    return changes(headers.request) || changes(headers.response)
      ? { ...rule, headers }
      : lacking(rule, "headers");
  };
}

/** What happens to requests and answers on their way. */
export const changing = {
  "headers.request": {
    title: "request headers changed",
    definition: "Headers of requests are set, added or removed before they are sent on.",
    level: "core",
    security: false,
    link: `${API}/guides/http-header-modifier/`,
    uses: requestsWith({
      path: ["headers", "request"],
      asks: ({ headers }) => headers !== undefined && changes(headers.request),
      without: unchanged("request"),
    }),
  },
  "headers.response": {
    title: "response headers changed",
    definition: "Headers of answers are set, added or removed before the caller gets them.",
    level: "extended",
    security: false,
    link: `${API}/guides/http-header-modifier/`,
    uses: requestsWith({
      path: ["headers", "response"],
      asks: ({ headers }) => headers !== undefined && changes(headers.response),
      without: unchanged("response"),
    }),
  },
  "rewrite.host": {
    title: "host rewritten",
    definition: "The backend sees another host than the caller asked for.",
    level: "extended",
    security: false,
    link: REWRITE,
    uses: httpRulesWith(["rewrite", "host"], ({ rewrite }) => rewrite?.host !== undefined),
  },
  "rewrite.path.prefix": {
    title: "path rewritten by prefix",
    definition: "What a match's prefix matched is replaced in the path that the backend sees.",
    level: "extended",
    security: false,
    link: REWRITE,
    uses: httpRulesWith(["rewrite", "prefix"], ({ rewrite }) => rewrite?.path?.kind === "prefix"),
  },
  "rewrite.path.full": {
    title: "path rewritten as a whole",
    definition: "The backend sees another path than the caller asked for; the query stays.",
    level: "extended",
    security: false,
    link: REWRITE,
    uses: httpRulesWith(["rewrite", "path"], ({ rewrite }) => rewrite?.path?.kind === "full"),
  },
  redirect: {
    title: "redirect",
    definition: "The caller is told to ask at another URL.",
    level: "extended",
    security: false,
    link: REWRITE,
    uses: httpRulesWith(["redirect"], ({ redirect }) => redirect !== undefined),
  },
  "redirect.path.prefix": {
    title: "redirect by prefix",
    definition: "What a match's prefix matched is replaced in the path that the caller is told to ask for.",
    level: "extended",
    security: false,
    link: REWRITE,
    uses: httpRulesWith(["redirect", "prefix"], ({ redirect }) => redirect?.path?.kind === "prefix"),
  },
} as const satisfies { readonly [id: string]: Definition };
