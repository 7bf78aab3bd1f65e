import type { JsonObject } from "../../../lib";
import type { Entries } from "./entries";
import { matchesWhole, section, sections, textOf, texts, type Seen } from "./entries";

/** Where a caller's proxy sends a request, by Consul's discovery chain (agent/xds/routes.go of 1.22). */
export interface Sent {
  readonly path: string;
  readonly destination: JsonObject;
  readonly targets: readonly Target[];
}

export interface Target {
  readonly service: string;
  readonly subset?: string;
  /** In percent. */
  readonly weight: number;
}

/** The first route that matches, and at the end one to the service itself. */
export function send(entries: Entries, service: string, seen: Seen): Sent {
  const routes = sections(entries.get("service-router", service)?.["Routes"]);
  const route = routes.find((r) => matches(section(section(r["Match"])["HTTP"]), seen)) ?? {};
  const destination = section(route["Destination"]);
  const http = section(section(route["Match"])["HTTP"]);
  return {
    path: rewritten({ destination, http }, seen.path),
    destination,
    targets: targetsOf(entries, {
      service: textOf(destination["Service"]) ?? service,
      subset: textOf(destination["ServiceSubset"]),
    }),
  };
}

/** A splitter holds for a service that is named without a subset. */
export function targetsOf(
  entries: Entries,
  { service, subset }: { readonly service: string; readonly subset: string | undefined },
): readonly Target[] {
  const splitter = subset === undefined ? entries.get("service-splitter", service) : undefined;
  if (splitter === undefined) return [resolved(entries, { service, subset, weight: 100 })];
  return sections(splitter["Splits"]).map((split) =>
    resolved(entries, {
      service: textOf(split["Service"]) ?? service,
      subset: textOf(split["ServiceSubset"]),
      weight: Number(split["Weight"]),
    }),
  );
}

function resolved(
  entries: Entries,
  {
    service,
    subset,
    weight,
  }: { readonly service: string; readonly subset: string | undefined; readonly weight: number },
): Target {
  const resolver = entries.get("service-resolver", service) ?? {};
  const redirect = section(resolver["Redirect"]);
  const elsewhere = textOf(redirect["Service"]);
  const version =
    elsewhere === undefined
      ? (subset ?? textOf(resolver["DefaultSubset"]))
      : textOf(redirect["ServiceSubset"]);
  return { service: elsewhere ?? service, weight, ...(version === undefined ? {} : { subset: version }) };
}

export function matches(http: JsonObject, seen: Seen): boolean {
  const exact = textOf(http["PathExact"]);
  const prefix = textOf(http["PathPrefix"]);
  const regex = textOf(http["PathRegex"]);
  const methods = texts(http["Methods"]);
  const query = new URLSearchParams(seen.query ?? "");
  return (
    (exact === undefined || seen.path === exact) &&
    (prefix === undefined || seen.path.startsWith(prefix)) &&
    (regex === undefined || matchesWhole(regex, seen.path)) &&
    (methods.length === 0 || methods.includes(seen.method)) &&
    sections(http["Header"]).every((h) => fits(h, seen.headers.get(textOf(h["Name"]) ?? ""))) &&
    sections(http["QueryParam"]).every((q) => fits(q, query.get(textOf(q["Name"]) ?? "") ?? undefined))
  );
}

function fits(asked: JsonObject, value: string | undefined): boolean {
  if (value === undefined) return false;
  const exact = textOf(asked["Exact"]);
  const regex = textOf(asked["Regex"]);
  return (exact === undefined || value === exact) && (regex === undefined || matchesWhole(regex, value));
}

/** Without a rewrite, or with `/`, the prefix is cut off: what is left of the path begins with one slash. */
export function rewritten(
  { destination, http }: { readonly destination: JsonObject; readonly http: JsonObject },
  path: string,
): string {
  if (Object.keys(destination).length === 0) return path;
  const rewrite = textOf(destination["PrefixRewrite"]) ?? "";
  const exact = textOf(http["PathExact"]);
  const prefix =
    textOf(http["PathPrefix"]) ?? (exact === undefined && http["PathRegex"] === undefined ? "/" : "");
  if (rewrite !== "" && rewrite !== "/")
    return exact === undefined ? rewrite + path.slice(prefix.length) : rewrite;
  const rest = path.slice(prefix.length);
  return `/${rest.startsWith("/") ? rest.slice(1) : rest}`;
}
