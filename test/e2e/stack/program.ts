import { readFileSync } from "node:fs";
import { Cluster } from "../../../components/cluster";
import { ServiceMesh } from "../../../components/service-mesh";
import type { MeshPlan } from "../../../mesh/plan/types";

/** The program of the tests: deploys the plan that they write, as it is. */
const plan = JSON.parse(readFileSync(process.env["TEST_PLAN"] ?? "", "utf8")) as MeshPlan;
const cluster = new Cluster("test", {
  cluster: { kind: "kubeconfig", path: process.env["TEST_KUBECONFIG"], identifier: "test" },
});
new ServiceMesh("test", {
  plan,
  cluster: cluster.handle,
  values: { password: "canary-1234" },
  keepCrds: process.env["TEST_KEEP_CRDS"] === "yes",
});
