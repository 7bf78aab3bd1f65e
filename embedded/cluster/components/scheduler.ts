import { join } from "node:path";
import type { ComponentSpec } from "../component";
import { writePrivate } from "../files";
import { componentKubeconfig } from "../paths";
import type { Setup } from "../setup";

export function scheduler(setup: Setup): ComponentSpec {
  const { tools, paths } = setup;
  const kubeconfig = componentKubeconfig(paths, "kube-scheduler");
  const config = join(paths.config, "scheduler.json");
  writePrivate(config, JSON.stringify(configuration(setup, kubeconfig), null, 2));
  return {
    name: "kube-scheduler",
    file: tools["kube-scheduler"],
    args: [`--config=${config}`, "--secure-port=0"],
    env: {},
    inputs: [config, kubeconfig],
  };
}

function configuration({ cluster }: Setup, kubeconfig: string): object {
  return {
    apiVersion: "kubescheduler.config.k8s.io/v1",
    kind: "KubeSchedulerConfiguration",
    leaderElection: { leaderElect: false },
    clientConnection: { kubeconfig, qps: 500, burst: 1000 },
    enableProfiling: false,
    // The node agent knows which images it can run. Not ignorable: a pod that it should run must not be simulated
    // because the agent was away for a moment.
    extenders: [
      {
        urlPrefix: `http://127.0.0.1:${cluster.ports.extender}`,
        filterVerb: "filter",
        nodeCacheCapable: true,
        ignorable: false,
        httpTimeout: "5s",
      },
    ],
  };
}
