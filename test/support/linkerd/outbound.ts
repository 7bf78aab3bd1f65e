import { isJsonObject, type JsonObject } from "../../../lib";
import type { KubeObject } from "../../../mesh/plan/types";
import { best, grpcSummary, list, ruleSummary, said, type Seen } from "./match";

/** Where a caller's proxy sends a request, and how. */
export type Sent =
  | { readonly kind: "direct" }
  | { readonly kind: "notFound" }
  | { readonly kind: "redirect"; readonly status: number; readonly location: string }
  | {
      readonly kind: "split";
      readonly backends: readonly {
        readonly service: string;
        readonly port: number;
        readonly weight: number;
      }[];
      readonly rule: JsonObject;
      readonly annotations: { readonly [name: string]: string };
    };

export interface Called {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  /** As the request names it. */
  readonly authority: string;
}

const FILTERS = ["RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect"];

/**
 * What the proxy of a caller does, by the routes whose parent is the Service. After
 * policy-controller/k8s/index/src/outbound and linkerd-http-route: GRPCRoutes put HTTPRoutes out of force, a route with
 * a filter that Linkerd does not know is dropped whole, and routes that tie are taken by their age, which nobody knows.
 */
export function send(objects: readonly KubeObject[], called: Called, seen: Seen): Sent {
  const grpc = routesFor(objects, called, "GRPCRoute");
  const routes = grpc.length > 0 ? grpc : routesFor(objects, called, "HTTPRoute");
  if (routes.length === 0) return { kind: "direct" };
  const summaryOf = grpc.length > 0 ? grpcSummary : ruleSummary;
  const found = routes.flatMap((route) =>
    rulesOf(route).flatMap((rule) => {
      const summary = summaryOf(rule, seen);
      return summary === undefined ? [] : [{ summary, of: { rule, route } }];
    }),
  );
  const forward = best(found);
  const backward = best(byRoute(found).reverse().flat());
  if (forward === undefined) return { kind: "notFound" };
  if (forward.route !== backward?.route) throw new Error("two routes tie, and only their age decides");
  return answer(forward, called, seen);
}

function byRoute<T extends { readonly of: { readonly route: KubeObject } }>(found: readonly T[]): T[][] {
  return [...new Set(found.map((f) => f.of.route))].map((route) => found.filter((f) => f.of.route === route));
}

function routesFor(objects: readonly KubeObject[], called: Called, kind: string): KubeObject[] {
  return objects
    .filter((o) => o.kind === kind && o.apiVersion.startsWith("gateway.networking.k8s.io/"))
    .filter((o) => parents(o).some((p) => isFor(p, o, called)))
    .filter((o) =>
      rulesOf(o).every((r) => list(r["filters"]).every((f) => FILTERS.includes(said(f["type"])))),
    );
}

function isFor(parent: JsonObject, route: KubeObject, { namespace, name, port }: Called): boolean {
  return (
    parent["kind"] === "Service" &&
    parent["name"] === name &&
    (parent["namespace"] ?? route.metadata.namespace) === namespace &&
    (parent["port"] === undefined || parent["port"] === port)
  );
}

function specOf(object: KubeObject): JsonObject {
  return isJsonObject(object["spec"]) ? object["spec"] : {};
}

const parents = (route: KubeObject): readonly JsonObject[] => list(specOf(route)["parentRefs"]);
const rulesOf = (route: KubeObject): readonly JsonObject[] => list(specOf(route)["rules"]);

function answer(
  { rule, route }: { readonly rule: JsonObject; readonly route: KubeObject },
  called: Called,
  seen: Seen,
): Sent {
  const redirect = list(rule["filters"]).find((f) => f["type"] === "RequestRedirect")?.["requestRedirect"];
  if (isJsonObject(redirect)) return redirected(redirect, called, seen);
  const backends = list(rule["backendRefs"]).map((b) => ({
    service: `${said(b["namespace"] ?? route.metadata.namespace)}/${said(b["name"])}`,
    port: Number(b["port"]),
    weight: Number(b["weight"] ?? 1),
  }));
  return { kind: "split", backends, rule, annotations: route.metadata.annotations ?? {} };
}

/** After linkerd-http-route's filter: a changed path takes no query along, a host alone keeps the request's port. */
function redirected(redirect: JsonObject, { authority }: Called, { path, query }: Seen): Sent {
  const { scheme = "http", hostname, port, statusCode = 301, path: change } = redirect;
  const [host = "", asked] = authority.split(":");
  const usual = scheme === "https" ? "443" : "80";
  const unless = (p: string | undefined): string => (p === undefined || p === usual ? "" : `:${p}`);
  const given = port === undefined ? asked : said(port);
  const full = isJsonObject(change) ? change["replaceFullPath"] : undefined;
  const target = full === undefined ? `${path}${query === "" ? "" : `?${query}`}` : said(full);
  const to = `${said(scheme)}://${said(hostname ?? host)}${unless(given)}${target}`;
  return { kind: "redirect", status: Number(statusCode), location: to };
}
