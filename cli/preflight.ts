import { planMesh } from "../components/plan";
import type { DeploymentConfig } from "../config";
import { connectionOf, KubeClient, loadKubeconfig, UnknownKindError, type KubeObject } from "../kube";
import { found, sortedBy } from "../lib";
import { identityOf, nameObject } from "../mesh/plan/identity";
import type { KubeObject as PlannedObject, MeshPlan } from "../mesh/plan/types";
import type { ClusterAccess } from "../providers/types";
import type { Engine } from "./engine";
import { exitCode, UserError } from "./exit";
import { faults } from "./load";
import type { Output } from "./output";

/** How many of those found are named. */
const SHOWN = 12;

/** Named first, since they tell best what is there. */
const WORKLOADS = ["Deployment", "DaemonSet", "StatefulSet", "Namespace"];

/**
 * Before the first `up` of a stack: throws a `UserError` that names every object of the plan which some cluster has
 * already, such as those of a mesh that somebody installed before, since creating them would fail half way through.
 * CRDs do not count: on a cluster that outlives the stack they are taken over.
 */
export async function preflight(config: DeploymentConfig, engine: Engine, output: Output): Promise<void> {
  if (!(await engine.empty())) return;
  output.progress("First deployment of this stack: looking for what the cluster has already");
  const clashes: string[] = [];
  for (const cluster of Object.values(config.clusters)) {
    if (cluster.access === undefined) continue;
    const planned = await planMesh({ ...config, features: cluster.features });
    if (!planned.ok) throw faults(config.locate(found(planned)));
    clashes.push(...(await existing(planned.value, cluster.access)));
  }
  if (clashes.length > 0) throw clash(clashes);
}

function clash(clashes: readonly string[]): UserError {
  const more = clashes.length > SHOWN ? [`and ${clashes.length - SHOWN} more`] : [];
  const list = [...clashes.slice(0, SHOWN), ...more].map((line) => `  ${line}`).join("\n");
  const count = clashes.length === 1 ? "an object" : `${clashes.length} objects`;
  return new UserError(
    `the cluster already has ${count} of the plan that this stack did not make; nothing was changed\n${list}`,
    "remove what made them, choose another cluster, or install beside it: a revision and other namespaces in the mesh's options",
    exitCode.badInput,
  );
}

async function existing(plan: MeshPlan, access: ClusterAccess): Promise<readonly string[]> {
  const [path, context] =
    access.kind === "embedded" ? [access.cluster.kubeconfig] : [access.path, access.context];
  const client = new KubeClient(connectionOf(loadKubeconfig(path), context));
  try {
    const objects = plan.steps.flatMap(({ do: action }) => (action.kind === "objects" ? action.objects : []));
    const unique = new Map(objects.map((object) => [identityOf(object), object]));
    const telling = sortedBy([...unique.values()], ({ kind }) => String(!WORKLOADS.includes(kind)));
    const looked = await Promise.all(
      telling
        .filter(({ kind }) => kind !== "CustomResourceDefinition")
        .map(async (object) => ({ object, there: await find(client, object) })),
    );
    return looked.flatMap(({ object, there }) =>
      there === undefined ? [] : [`${nameObject(object)}${makerOf(there)}`],
    );
  } finally {
    client.close();
  }
}

/** Undefined too where the cluster does not know the kind yet. */
async function find(
  client: KubeClient,
  { apiVersion, kind, metadata: { name, namespace } }: PlannedObject,
): Promise<KubeObject | undefined> {
  try {
    return await client.find({ apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) });
  } catch (error) {
    if (error instanceof UnknownKindError) return undefined;
    throw error;
  }
}

/** Who made an object, where its labels and annotations tell. */
function makerOf({ metadata }: KubeObject): string {
  const release = metadata.annotations?.["meta.helm.sh/release-name"];
  if (release !== undefined) return ` (Helm release ${release})`;
  const manager = metadata.labels?.["app.kubernetes.io/managed-by"];
  return manager === undefined ? "" : ` (made by ${manager})`;
}
