import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { orThrow } from "../components/faults";
import { planMesh } from "../components/plan";
import { MeshPlatform } from "../components/platform";
import { loadConfig } from "../config";
import type { Deployment } from "./outputs";
import { outputsOf } from "./outputs";

/** The stack: its config, planned for each of its clusters, and deployed. */
async function deploy(): Promise<ReturnType<typeof outputsOf>> {
  // Read from the stack's own file, since the engine's copy of the config has no lines to point at.
  const config = orThrow(loadConfig(join(__dirname, "config", `Pulumi.${pulumi.getStack()}.yaml`)));
  const locate = config.locate.bind(config);

  // All plans are whole before the first resource of any of them is registered.
  const deployments: Deployment[] = [];
  for (const [name, cluster] of Object.entries(config.clusters)) {
    const plan = orThrow(await planMesh({ ...config, features: cluster.features }), locate);
    deployments.push({ name, cluster, plan });
  }

  for (const { name, cluster, plan } of deployments) {
    new MeshPlatform(name, { cluster, plan });
  }
  return outputsOf(config, deployments);
}

export = deploy;
