import type { JsonObject, Result } from "../../../../lib";
import { found } from "../../../../lib";
import { compile, configureMesh } from "../../../../mesh";
import { parseIntent } from "../../../../mesh/intent";
import type { KubeObject, MeshPlan } from "../../../../mesh/plan/types";
import type { ClusterFeatures } from "../../../../mesh/types";
import { inShort, value } from "../intents";
import { cluster } from "../istio/plans";

export { chartOf, objectsOf } from "../istio/plans";

export interface Wanted {
  readonly intent: unknown;
  readonly options?: object;
  readonly features?: Partial<ClusterFeatures>;
}

/** Compiles for Consul; the intent and the options must be valid, the plan need not be. */
export function compiled({ intent, options = {}, features = {} }: Wanted): Result<MeshPlan> {
  const mesh = value(configureMesh({ kind: "consul", ...options }, ["mesh"]));
  return compile(value(parseIntent(intent)), mesh, { cluster: { ...cluster, ...features } });
}

export function planned(wanted: Wanted): MeshPlan {
  return value(compiled(wanted));
}

/** `code at path` of everything that is said of it. */
export function said(wanted: Wanted): string[] {
  return found(compiled(wanted)).map(inShort);
}

/** The spec of the object of this kind and name. */
export function specOf(plan: MeshPlan, kind: string, name: string): JsonObject | undefined {
  const objects = plan.steps.flatMap((s): readonly KubeObject[] =>
    s.do.kind === "objects" ? s.do.objects : [],
  );
  return objects.find((o) => o.kind === kind && o.metadata.name === name)?.["spec"] as JsonObject | undefined;
}

/** The routes of a service's router. */
export function routesOf(plan: MeshPlan, service: string): JsonObject[] {
  return (specOf(plan, "ServiceRouter", service)?.["routes"] ?? []) as unknown as JsonObject[];
}

/** Two services of protocol http, the first with two versions; access is open. */
export const services = {
  "shop/cart": {
    serviceAccount: "cart",
    ports: [{ port: 80, protocol: "http" }],
    versions: { v1: { labels: { version: "v1" } }, v2: { labels: { version: "v2" } } },
  },
  "shop/web": { serviceAccount: "web", ports: [{ port: 80, protocol: "http" }] },
};

/** These rules for the cart, and one for all other requests. */
export function routed(...rules: object[]): object {
  const all = [...rules, { name: "rest", backends: [{ service: "shop/cart" }] }];
  return {
    authorization: { default: "allow" },
    services,
    routes: [{ kind: "http", for: { service: "shop/cart" }, rules: all }],
  };
}
