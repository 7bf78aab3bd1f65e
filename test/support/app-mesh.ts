import { isJsonObject, type JsonObject } from "../../lib";
import type { KubeObject } from "../../mesh/plan/types";
import type { Seen } from "../../mesh/semantics/request";

/**
 * What App Mesh's proxies do with requests by the objects of a plan, after App Mesh's API reference and user guide:
 * routes are tried by priority, prefixes are of characters, regular expressions are of the whole value.
 */
export interface Sent {
  /** Virtual nodes by name, with weights. */
  readonly targets: readonly { readonly node: string; readonly port: number; readonly weight: number }[];
  readonly path: string;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly events: readonly string[];
}

/** What a caller's proxy does with a request to a port of a virtual service; nothing: status 404. */
export function send(
  objects: readonly KubeObject[],
  called: { readonly place: string; readonly port: number },
  seen: Seen,
): Sent | undefined {
  for (const route of byPriority(list(specAt(objects, "VirtualRouter", called.place)?.["routes"]))) {
    const [key, body] = bodyOf(route);
    const match = objectIn(body, "match");
    if (match["port"] !== called.port) continue;
    const fits = key === "grpcRoute" ? grpcFits(match, seen) : key !== "tcpRoute" && httpFits(match, seen);
    if (fits) return sentBy(body, seen.path);
  }
  return undefined;
}

/** The same at a gateway's port. */
export function enter(
  objects: readonly KubeObject[],
  gateway: { readonly name: string; readonly port: number },
  seen: Seen,
): Sent | undefined {
  const routes = objects
    .filter((o) => o.kind === "GatewayRoute")
    .filter((o) => o.metadata.labels?.["meshwright.dev/gateway"] === gateway.name)
    .map((o) => o["spec"] as JsonObject);
  for (const route of byPriority(routes)) {
    const [key, body] = bodyOf(route);
    const match = objectIn(body, "match");
    const fits = key === "grpcRoute" ? grpcFits(match, seen) : httpFits(match, seen);
    if (match["port"] !== gateway.port || !hostFits(objectIn(match, "hostname"), seen.host) || !fits)
      continue;
    const action = objectIn(body, "action");
    const path = rewritten(match, objectIn(action, "rewrite"), seen.path);
    const target = objectIn(objectIn(objectIn(action, "target"), "virtualService"), "virtualServiceRef");
    const router = specAt(objects, "VirtualRouter", `${text(target["namespace"])}/${text(target["name"])}`);
    const [only] = list(router?.["routes"]);
    return only === undefined ? undefined : sentBy(bodyOf(only)[1], path);
  }
  return undefined;
}

function sentBy(body: JsonObject, path: string): Sent {
  const retry = objectIn(body, "retryPolicy");
  return {
    path,
    targets: list(objectIn(body, "action")["weightedTargets"]).map((t) => ({
      node: `${text(objectIn(t, "virtualNodeRef")["namespace"])}/${text(objectIn(t, "virtualNodeRef")["name"])}`,
      port: Number(t["port"]),
      weight: Number(t["weight"]),
    })),
    timeoutMs: milliseconds(objectIn(objectIn(body, "timeout"), "perRequest")),
    retries: Number(retry["maxRetries"]),
    events: [...texts(retry["httpRetryEvents"]), ...texts(retry["tcpRetryEvents"])].sort(),
  };
}

function rewritten(match: JsonObject, rewrite: JsonObject, path: string): string {
  const whole = objectIn(rewrite, "path")["exact"];
  if (typeof whole === "string") return whole;
  const { defaultPrefix, value } = objectIn(rewrite, "prefix");
  const prefix = match["prefix"];
  if (typeof prefix !== "string" || defaultPrefix === "DISABLED") return path;
  return text(value ?? "/") + path.slice(prefix.length);
}

function httpFits(match: JsonObject, { path, method, query, headers }: Seen): boolean {
  const exactOrRegex = objectIn(match, "path");
  return (
    (typeof match["prefix"] !== "string" || path.startsWith(match["prefix"])) &&
    (match["path"] === undefined || valueFits(exactOrRegex, path)) &&
    (match["method"] === undefined || match["method"] === method) &&
    list(match["headers"]).every((h) => valueFits(objectIn(h, "match"), headers.get(text(h["name"])))) &&
    list(match["queryParameters"]).every((q) =>
      valueFits(objectIn(q, "match"), parameter(query, text(q["name"]))),
    )
  );
}

function grpcFits(match: JsonObject, { path, headers }: Seen): boolean {
  const [, service, method] = path.split("/");
  return (
    (headers.get("content-type") ?? "").startsWith("application/grpc") &&
    (match["serviceName"] === undefined || match["serviceName"] === service) &&
    (match["methodName"] === undefined || match["methodName"] === method) &&
    list(match["metadata"]).every((h) => valueFits(objectIn(h, "match"), headers.get(text(h["name"]))))
  );
}

function hostFits({ exact, suffix }: JsonObject, host: string): boolean {
  return (exact === undefined || exact === host) && (suffix === undefined || host.endsWith(text(suffix)));
}

function valueFits({ exact, regex }: JsonObject, value: string | undefined): boolean {
  if (value === undefined) return false;
  if (exact !== undefined) return exact === value;
  return new RegExp(`^(?:${text(regex)})$`, "s").test(value);
}

function parameter(query: string | undefined, name: string): string | undefined {
  const pairs = (query ?? "").split("&").map((pair) => pair.split("="));
  const found = pairs.find(([key]) => key === name);
  return found === undefined ? undefined : found.slice(1).join("=");
}

function byPriority(routes: readonly JsonObject[]): JsonObject[] {
  return [...routes].sort((a, b) => Number(a["priority"]) - Number(b["priority"]));
}

function bodyOf(route: JsonObject): [string, JsonObject] {
  const found = Object.entries(route).find(([key]) => key.endsWith("Route"));
  if (found === undefined || !isJsonObject(found[1])) throw new Error(`no route in ${JSON.stringify(route)}`);
  return [found[0], found[1]];
}

function specAt(objects: readonly KubeObject[], kind: string, place: string): JsonObject | undefined {
  const object = objects.find(
    (o) => o.kind === kind && `${o.metadata.namespace}/${o.metadata.name}` === place,
  );
  return object?.["spec"] as JsonObject | undefined;
}

function milliseconds({ unit, value }: JsonObject): number {
  return Number(value ?? 0) * (unit === "s" ? 1000 : 1);
}

const objectIn = (object: JsonObject, key: string): JsonObject => {
  const value = object[key];
  return isJsonObject(value) ? value : {};
};
const list = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? (value as JsonObject[]) : []);
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as string[]) : []);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
