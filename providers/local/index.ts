import { readFileSync } from "node:fs";
import { running } from "../../embedded/cluster/component";
import { clusterPaths } from "../../embedded/cluster/paths";
import { kindName, kindRuns, readKindCluster } from "../../embedded/cluster/kind-read";
import { readCluster } from "../../embedded/cluster/read";
import type { EmbeddedCluster } from "../../embedded/cluster/types";
import type { Diagnostic, FieldPath, Result } from "../../lib";
import { fail, settle } from "../../lib";
import type { ClusterFeatures, WebhookReach } from "../../mesh/types";
import { connect } from "../kubernetes";
import type { ClusterAccess, ClusterProvider, ConfiguredCluster } from "../types";
import type * as machines from "./machine";
import { readLocalOptions } from "./options";

const START = "run `npm run up`, or start it alone: npx meshwright cluster start";

/** Options: see `LocalOptions`. The cluster must have been started before. */
export const local: ClusterProvider = {
  title: "A cluster on this machine: kind, or the embedded one",

  configure(raw: unknown, at: FieldPath): Result<ConfiguredCluster> {
    const faults: Diagnostic[] = [];
    const { options, value } = readLocalOptions({ raw, at, faults });
    const { name } = value;
    const found = find(name);
    if ("missing" in found) {
      options.fault(["name"], { code: "cluster-not-running", message: found.missing, hint: found.hint });
      return fail(faults);
    }
    return settle<ConfiguredCluster>(
      {
        kind: "local",
        features: found.features,
        disposable: true,
        access: found.access,
        refs: [],
        create: (request) =>
          connect(request, { kubeconfig: found.kubeconfig, clusterIdentifier: `meshwright-local:${name}` }),
      },
      faults,
    );
  },

  machine(raw) {
    const { value } = readLocalOptions({ raw, at: [], faults: [] });
    // Programs never need it, and it loads the whole embedded cluster. (tsx/cjs cannot `import()` a TypeScript file.)
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return (require("./machine") as typeof machines).localMachine(value);
  },
};

type Found =
  | { readonly features: ClusterFeatures; readonly access: ClusterAccess; readonly kubeconfig: string }
  | { readonly missing: string; readonly hint: string };

function find(name: string): Found {
  const hint = name === "local" ? START : `${START} --name ${name}`;
  try {
    return (
      findEmbedded(name, hint) ??
      findKind(name, hint) ?? { missing: `there is no cluster ${JSON.stringify(name)} on this machine`, hint }
    );
  } catch (error) {
    return { missing: (error as Error).message, hint };
  }
}

function findEmbedded(name: string, hint: string): Found | undefined {
  const cluster = readCluster(name);
  if (cluster === undefined) return undefined;
  if (running(clusterPaths(name), "kube-apiserver") === undefined) {
    return { missing: `the embedded cluster ${JSON.stringify(name)} is stopped`, hint };
  }
  return {
    features: featuresOf(cluster),
    access: { kind: "embedded", cluster },
    kubeconfig: readFileSync(cluster.kubeconfig, "utf8"),
  };
}

function findKind(name: string, hint: string): Found | undefined {
  const cluster = readKindCluster(name);
  if (cluster === undefined) return undefined;
  if (!kindRuns(name)) return { missing: `the kind cluster ${kindName(name)} is stopped`, hint };
  return {
    features: {
      kubernetesVersion: cluster.kubernetesVersion,
      proxy: "mesh",
      webhooks: { kind: "service" },
      loadBalancer: false,
      gatewayApi: { owner: "us" },
      netAdmin: true,
    },
    access: { kind: "kubeconfig", path: cluster.kubeconfig, context: `kind-${kindName(name)}` },
    kubeconfig: readFileSync(cluster.kubeconfig, "utf8"),
  };
}

/** What an embedded cluster offers depends on how its pods run. */
function featuresOf(cluster: EmbeddedCluster): ClusterFeatures {
  return {
    kubernetesVersion: cluster.kubernetesVersion.replace(/^v/, ""),
    proxy: cluster.dataPlane === "netns" ? "stock" : "none",
    webhooks: webhooksOf(cluster),
    loadBalancer: false,
    gatewayApi: { owner: "us" },
    netAdmin: true,
  };
}

function webhooksOf(cluster: EmbeddedCluster): WebhookReach {
  return cluster.webhookOrigin === undefined
    ? { kind: "service" }
    : { kind: "url", origin: cluster.webhookOrigin };
}
