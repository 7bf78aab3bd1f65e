/**
 * The pure compiler: an intent in, a plan for one mesh out. Reads no files, no clock and no network.
 *
 * ```ts
 * const intent = parseIntent({ services: { "shop/cart": { serviceAccount: "cart", ports: [{ port: 80 }] } } });
 * const mesh = configureMesh({ kind: "istio" });
 * if (intent.ok && mesh.ok) console.log(compile(intent.value, mesh.value, { cluster }));
 * ```
 */
export { compile } from "./compile";
export { parseIntent, type Intent } from "./intent";
export type { NormalizedIntent } from "./intent/types";
export { checkPlan } from "./plan/check";
export { printObjects, printPlan } from "./plan/print";
export type * from "./plan/types";
export { placeWorkloads } from "./plan/workloads";
export { configureMesh, meshes, type MeshKind } from "./registry";
export { rules } from "./rules";
export { answers, explanation, outcome, statusSeenBy } from "./semantics";
export type { Answer, Client, Outcome, Request } from "./semantics";
export type * from "./types";
