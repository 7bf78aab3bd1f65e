import { present } from "../../../lib";
import type { Backend } from "../../intent/types";
import type { Field } from "../field";
import type { Item } from "../manifests";
import { wholeOf } from "../values";
import { reference, type AppMesh } from "./model";

export const ROUTE_KINDS = ["httpRoute", "http2Route", "grpcRoute", "tcpRoute"] as const;
export type RouteKind = (typeof ROUTE_KINDS)[number];

/** Keys of all nodes that a router's routes lead to. */
export function targetsIn({ spec, namespace }: Item): string[] {
  return spec
    .get("routes")
    .items()
    .flatMap((route) => ROUTE_KINDS.flatMap((kind) => route.get(kind, "action", "weightedTargets").items()))
    .flatMap((target) => reference(target.get("virtualNodeRef"), namespace) ?? []);
}

/** The backends of one route. A node that means nothing in the intent is lost, with its share. */
export function backendsOf(targets: Field, namespace: string, mesh: AppMesh): Backend[] {
  return targets.items().flatMap((target): Backend[] => {
    const key = reference(target.get("virtualNodeRef"), namespace);
    const meaning = key === undefined ? undefined : mesh.meanings.get(key);
    const weight = wholeOf(target.get("weight"), 0, 1_000_000) ?? 1;
    const podPort = target.get("port").number();
    if (meaning === undefined) {
      target.lose({
        message: "this node is not among the manifests, or not one of a service",
        hint: "add it to what is imported",
      });
      return [];
    }
    const { service, version } = meaning;
    const port = service.ports.find((p) => p.targetPort === podPort)?.port;
    return [{ service: service.key, ...present({ version, port }), weight, at: target.at }];
  });
}
