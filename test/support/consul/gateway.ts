import { hostWithin, isJsonObject, type JsonObject } from "../../../lib";
import type { KubeObject } from "../../../mesh/plan/types";
import type { Entries } from "./entries";
import { section, sections, textOf, type Seen } from "./entries";
import { matches, rewritten, targetsOf, type Sent } from "./routes";

const specOf = (object: KubeObject): JsonObject => (isJsonObject(object["spec"]) ? object["spec"] : {});

/**
 * Where a gateway's proxy sends a request: the rules for the most telling host, as agent/consul/discoverychain/
 * gateway_httproute.go of 1.22 orders them; nothing where none matches.
 */
export function sendThrough(
  { entries, objects }: { readonly entries: Entries; readonly objects: readonly KubeObject[] },
  gateway: string,
  { seen, host }: { readonly seen: Seen; readonly host: string },
): Sent | undefined {
  const routes = objects.filter(
    (o) => o.kind === "HTTPRoute" && sections(specOf(o)["parentRefs"]).some((p) => p["name"] === gateway),
  );
  const hostsOf = (route: KubeObject): readonly string[] => {
    const { hostnames } = specOf(route);
    return Array.isArray(hostnames) ? (hostnames as readonly string[]) : ["*"];
  };
  const fitting = [...new Set(routes.flatMap(hostsOf))].filter((h) => hostWithin(host, h));
  const [best] = fitting.sort(
    (a, b) => Number(a.startsWith("*")) - Number(b.startsWith("*")) || b.length - a.length,
  );
  const rules = routes
    .filter((r) => best !== undefined && hostsOf(r).includes(best))
    .flatMap((r) => sections(specOf(r)["rules"]))
    .map((rule) => ({ rule, match: sections(rule["matches"])[0] ?? {} }));
  const ordered = [...rules].sort((a, b) => weigh(b.match) - weigh(a.match));
  const chosen = ordered.find(({ match }) => matches(consulMatch(match), seen));
  if (chosen === undefined) return undefined;
  const filters = sections(chosen.rule["filters"]);
  const rewrite = filters
    .map((f) => section(section(f["urlRewrite"])["path"])["replacePrefixMatch"])
    .find(Boolean);
  const destination = {
    ...(rewrite === undefined ? {} : { PrefixRewrite: rewrite }),
    ...treatment(filters, objects),
  };
  const [backend = {}] = sections(chosen.rule["backendRefs"]);
  return {
    path: rewritten({ destination, http: consulMatch(chosen.match) }, seen.path),
    destination,
    targets: targetsOf(entries, { service: textOf(backend["name"]) ?? "", subset: undefined }),
  };
}

function weigh(match: JsonObject): number {
  const path = textOf(section(match["path"])["value"])?.length ?? 0;
  return path * 1e6 + sections(match["headers"]).length * 1e3 + sections(match["queryParams"]).length;
}

const PATHS: Readonly<Record<string, string>> = {
  Exact: "PathExact",
  PathPrefix: "PathPrefix",
  RegularExpression: "PathRegex",
};

function consulMatch(match: JsonObject): JsonObject {
  const path = section(match["path"]);
  const named = (all: readonly JsonObject[]): JsonObject[] =>
    all.map((h) => ({
      Name: h["name"] ?? "",
      [h["type"] === "Exact" ? "Exact" : "Regex"]: h["value"] ?? "",
    }));
  const method = textOf(match["method"]);
  return {
    [PATHS[textOf(path["type"]) ?? ""] ?? ""]: path["value"] ?? "",
    Header: named(sections(match["headers"])),
    QueryParam: named(sections(match["queryParams"])),
    ...(method === undefined ? {} : { Methods: [method] }),
  };
}

/** What filters of Consul's and of the Gateway API do, in the words of a router. */
function treatment(filters: readonly JsonObject[], objects: readonly KubeObject[]): JsonObject {
  const entries = filters.flatMap((filter): (readonly [string, JsonObject[string]])[] => {
    const { name, kind } = section(filter["extensionRef"]);
    const object = objects.find((o) => o.kind === kind && o.metadata.name === name);
    const spec = object === undefined ? {} : specOf(object);
    const own = Object.entries(spec).map(
      ([key, value]) => [`${key.charAt(0).toUpperCase()}${key.slice(1)}`, value] as const,
    );
    const modifier = (key: string): JsonObject => {
      const change = section(filter[key]);
      const byName = (list: JsonObject[string] | undefined): JsonObject =>
        Object.fromEntries(sections(list).map((h) => [String(h["name"] as string), h["value"] ?? ""]));
      return { set: byName(change["set"]), add: byName(change["add"]), remove: change["remove"] ?? [] };
    };
    const request =
      filter["requestHeaderModifier"] === undefined
        ? []
        : [["RequestHeaders", modifier("requestHeaderModifier")] as const];
    const response =
      filter["responseHeaderModifier"] === undefined
        ? []
        : [["ResponseHeaders", modifier("responseHeaderModifier")] as const];
    return [...own, ...request, ...response];
  });
  return Object.fromEntries(entries);
}
