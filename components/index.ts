/**
 * Service meshes as Pulumi components.
 *
 * ```ts
 * import { MeshPlatform, planPlatform } from "meshwright";
 *
 * export = async () => {
 *   const planned = await planPlatform({
 *     cluster: { kind: "kubeconfig", context: "production" },
 *     mesh: { kind: "istio" },
 *     intent: { services: { "shop/cart": { serviceAccount: "cart", ports: [{ port: 80, protocol: "http" }] } } },
 *   });
 *   new MeshPlatform("shop", planned);
 * };
 * ```
 */
export { Cluster, type ClusterArgs, type ClusterSpec } from "./cluster";
export { planMesh, type PlanRequest } from "./plan";
export { planPlatform, type MeshSpec, type PlannedPlatform, type PlatformSpec } from "./plan-platform";
export { MeshPlatform, type MeshPlatformArgs } from "./platform";
export type { Values } from "./refs";
export { ServiceMesh, type ServiceMeshArgs } from "./service-mesh";
