import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import type { EmbeddedCluster } from "../../../embedded/cluster/types";
import { findTool } from "../../../embedded/tools";
import { connectionOf, KubeClient, loadKubeconfig, sleep } from "../../../kube";
import type { Result } from "../../../lib";
import {
  compile,
  configureMesh,
  parseIntent,
  placeWorkloads,
  type MeshPlan,
  type NormalizedIntent,
} from "../../../mesh";
import type { Chart, KubeObject as PlannedObject } from "../../../mesh/plan/types";
import { local } from "../../../providers/local";

const SAMPLE = join(__dirname, "..", "..", "..", "examples", "bookinfo");
const OWNER = { fieldManager: "verify-test", force: true };

export interface Sample {
  readonly intent: NormalizedIntent;
  readonly plan: MeshPlan;
}

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.value;
}

/** The bookinfo sample, compiled for Istio on a running embedded cluster. */
export function compileSample(cluster: EmbeddedCluster): Sample {
  const intent = must(parseIntent(parse(readFileSync(join(SAMPLE, "intent.yaml"), "utf8"))));
  const { features } = must(local.configure({ name: cluster.name }, []));
  const plan = must(compile(intent, must(configureMesh({ kind: "istio" })), { cluster: features }));
  const documents = parseAllDocuments(readFileSync(join(SAMPLE, "workloads.yaml"), "utf8"));
  return {
    intent,
    plan: must(
      placeWorkloads(
        plan,
        documents.map((d) => d.toJS() as PlannedObject),
      ),
    ),
  };
}

export function clientOf(cluster: EmbeddedCluster): KubeClient {
  return new KubeClient(connectionOf(loadKubeconfig(cluster.kubeconfig)));
}

/** Applies a plan step by step, and waits until all that it deploys is available. Without an engine, so that only verification is tested. */
export async function applyPlan(plan: MeshPlan, cluster: EmbeddedCluster, charts: string): Promise<void> {
  const kube = clientOf(cluster);
  try {
    for (const step of plan.steps) {
      const action = step.do;
      if (action.kind === "cloudResources") throw new Error("no cloud here");
      const objects = action.kind === "chart" ? render(action.chart, charts, cluster) : action.objects;
      for (const object of objects) await persist(() => kube.apply(object, OWNER));
      if (action.kind === "chart") await available(kube, action.chart.namespace);
    }
    await available(kube, "bookinfo");
  } finally {
    kube.close();
  }
}

function render(
  { chart, release, namespace, values }: Chart,
  charts: string,
  cluster: EmbeddedCluster,
): PlannedObject[] {
  const version = ["--kube-version", cluster.kubernetesVersion.replace(/^v/, "")];
  const args = [
    "template",
    release,
    join(charts, chart),
    "--namespace",
    namespace,
    "--include-crds",
    ...version,
  ];
  const output = execFileSync(findTool("helm")?.path ?? "helm", [...args, "--values", "-"], {
    input: JSON.stringify(values),
    maxBuffer: 1 << 26,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const documents = parseAllDocuments(output.toString()).flatMap(
    (d) => (d.toJS() as PlannedObject | null) ?? [],
  );
  const rank = (object: PlannedObject) => (object.kind === "CustomResourceDefinition" ? 0 : 1);
  return documents
    .sort((a, b) => rank(a) - rank(b))
    .map((object) => ({ ...object, metadata: { namespace, ...object.metadata } }));
}

/** CRDs take a moment to be served, and webhooks to answer. */
async function persist(write: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await write();
      return;
    } catch (error) {
      if (attempt === 20) throw error;
      await sleep(500);
    }
  }
}

interface DeploymentStatus {
  readonly observedGeneration?: number;
  readonly availableReplicas?: number;
}

async function available(kube: KubeClient, namespace: string): Promise<void> {
  for (let attempt = 1; attempt <= 240; attempt++) {
    const { items } = await kube.list({ apiVersion: "apps/v1", kind: "Deployment", namespace });
    if (items.every((d) => ((d["status"] as DeploymentStatus).availableReplicas ?? 0) > 0)) return;
    await sleep(500);
  }
  throw new Error(`not every Deployment of ${namespace} became available within two minutes`);
}
