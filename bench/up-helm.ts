import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { findTool } from "../embedded/tools";
import { connectionOf, KubeClient, parseKubeconfig } from "../kube";
import { compile, configureMesh, parseIntent } from "../mesh";
import type { Chart, MeshPlan } from "../mesh";
import { configureCluster } from "../providers/registry";
import { locateChart } from "../render/locate";

/** The same plan as the Pulumi side's, before its charts are rendered. */
export function planOf(cluster: string): MeshPlan {
  const configured = configureCluster({ kind: "local", name: cluster }, []);
  const mesh = configureMesh({ kind: "istio" });
  const intent = parseIntent({});
  if (!configured.ok || !mesh.ok || !intent.ok) throw new Error("the bench's own plan is refused");
  const plan = compile(intent.value, mesh.value, { cluster: configured.value.features });
  if (!plan.ok) throw new Error(JSON.stringify(plan.diagnostics));
  return plan.value;
}

/** Milliseconds of `helm install --wait` of the plan's charts, with the policies applied after them. */
export async function helmInstall(cluster: string, kubeconfig: string): Promise<number> {
  const plan = planOf(cluster);
  const client = new KubeClient(connectionOf(parseKubeconfig(readFileSync(kubeconfig, "utf8"))));
  const begun = performance.now();
  for (const { do: action } of plan.steps) {
    if (action.kind === "chart") install(action.chart, kubeconfig);
    if (action.kind !== "objects") continue;
    for (const object of action.objects) await client.apply({ ...object }, { fieldManager: "bench" });
  }
  const took = performance.now() - begun;
  client.close();
  return took;
}

function install(chart: Chart, kubeconfig: string): void {
  const { release, namespace, values } = chart;
  const where = locateChart(chart, process.cwd()).helmArgs;
  const args = ["install", release, ...where, "--namespace", namespace, "--wait", "--values", "-"];
  const { status, stderr } = spawnSync(
    findTool("helm")?.path ?? "helm",
    [...args, "--kubeconfig", kubeconfig],
    {
      input: JSON.stringify(values),
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(`helm ${args.join(" ")}: ${stderr}`);
}
