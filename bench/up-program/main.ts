import { MeshPlatform, planPlatform } from "../../components";

/** Istio's CRDs and control plane with strict mTLS, and nothing else, on the embedded cluster `BENCH_CLUSTER`. */
async function deploy(): Promise<void> {
  const cluster = { kind: "local", name: process.env["BENCH_CLUSTER"] };
  new MeshPlatform("bench", await planPlatform({ cluster, mesh: { kind: "istio" }, intent: {} }));
}

export = deploy;
