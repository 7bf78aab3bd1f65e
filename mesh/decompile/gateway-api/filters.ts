import { isHost, present } from "../../../lib";
import type {
  HeaderChange,
  Mirror,
  NamedValue,
  PathChange,
  Redirect,
  Rewrite,
  RouteRule,
} from "../../intent/types";
import type { Field } from "../field";
import { headerChange } from "../headers";
import { percentOf, trimPrefix, wholeOf } from "../values";
import { referenceOf, type RouteContext } from "./parents";

type Filters = Pick<RouteRule, "headers" | "mirrors" | "rewrite" | "redirect">;

/** What a rule does to requests and answers on the way. */
export function filtersOf(filters: Field, namespace: string, context: RouteContext): Filters {
  const all = filters.items();
  const own = new Map(all.map((filter) => [filter, context.dialect.extension?.(filter, namespace)]));
  const of = (type: string, key: string): Field[] =>
    all.flatMap((filter) => (filter.get("type").text() === type ? [filter.get(key)] : []));
  const request = joined(
    of("RequestHeaderModifier", "requestHeaderModifier").map((field) => headerChange(field, values)),
  );
  const response = joined(
    of("ResponseHeaderModifier", "responseHeaderModifier").map((field) => headerChange(field, values)),
  );
  const changed = [request, response].some((c) => c.set.length + c.add.length + c.remove.length > 0);
  const mirrors = of("RequestMirror", "requestMirror").flatMap((field) =>
    mirrorOf(field, namespace, context),
  );
  const known = [
    "RequestHeaderModifier",
    "ResponseHeaderModifier",
    "RequestMirror",
    "URLRewrite",
    "RequestRedirect",
  ];
  for (const filter of all) {
    const type = filter.get("type").text() ?? "";
    if (own.get(filter) !== undefined) continue;
    if (!known.includes(type)) filter.lose({ message: `a filter of type ${type} has no place in an intent` });
  }
  const [rewrite] = of("URLRewrite", "urlRewrite").map(rewriteOf);
  const [redirect] = of("RequestRedirect", "requestRedirect").map(redirectOf);
  return {
    mirrors,
    ...(changed ? { headers: { request, response } } : {}),
    ...present({ rewrite, redirect }),
    ...[...own.values()].reduce<Partial<RouteRule>>((all, part) => ({ ...all, ...part }), {}),
  };
}

function values(field: Field): NamedValue[] {
  return field.items().flatMap((item) => {
    const [name, value] = [item.get("name").text(), item.get("value").text()];
    return name === undefined || value === undefined ? [] : [{ name: name.toLowerCase(), value }];
  });
}

function joined(changes: readonly HeaderChange[]): HeaderChange {
  return {
    set: changes.flatMap((c) => c.set),
    add: changes.flatMap((c) => c.add),
    remove: changes.flatMap((c) => c.remove),
  };
}

function mirrorOf(field: Field, namespace: string, context: RouteContext): Mirror[] {
  const target = referenceOf(field.get("backendRef"), namespace, context);
  const numerator = field.get("fraction", "numerator").number();
  const denominator = field.get("fraction", "denominator").number() ?? 100;
  const share = numerator === undefined ? undefined : Math.round((numerator / denominator) * 1e6) / 1e4;
  const percent = percentOf(field.get("percent")) ?? (field.get("percent").there ? 0 : (share ?? 100));
  return target === undefined || percent <= 0 ? [] : [{ ...target, percent, at: field.at }];
}

function rewriteOf(field: Field): Rewrite | undefined {
  const parts = present({ host: hostOf(field.get("hostname")), path: pathChangeOf(field.get("path")) });
  return Object.keys(parts).length === 0 ? undefined : parts;
}

const STATUSES = [301, 302, 303, 307, 308] as const;

/** 302 where nothing is said, as the Gateway API has it. */
function redirectOf(field: Field): Redirect {
  const code = field.get("statusCode").number();
  return {
    ...present({
      scheme: field.get("scheme").word("http", "https"),
      host: hostOf(field.get("hostname")),
      port: wholeOf(field.get("port"), 1, 65_535),
      path: pathChangeOf(field.get("path")),
    }),
    status: STATUSES.find((status) => status === code) ?? 302,
  };
}

function pathChangeOf(field: Field): PathChange | undefined {
  const type = field.get("type").text();
  const prefix = field.get("replacePrefixMatch").text();
  if (type === "ReplacePrefixMatch" && prefix !== undefined)
    return { kind: "prefix", value: trimPrefix(`/${prefix}`.replace(/^\/+/, "/")) };
  if (field.there && type !== "ReplaceFullPath") {
    field.lose({ message: `a path is not changed by ${JSON.stringify(type)}, in an intent` });
    return undefined;
  }
  const full = field.get("replaceFullPath").text();
  return full?.startsWith("/") === true ? { kind: "full", value: full } : undefined;
}

function hostOf(field: Field): string | undefined {
  const host = field.text();
  if (host === undefined || isHost(host)) return host;
  field.lose({ message: `${JSON.stringify(host)} is not a host that an intent can name` });
  return undefined;
}
