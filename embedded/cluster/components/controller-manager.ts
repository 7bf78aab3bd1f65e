import { join } from "node:path";
import type { ComponentSpec } from "../component";
import { componentKubeconfig } from "../paths";
import type { Setup } from "../setup";

/** For clouds, disks and devices, none of which are here. */
const IDLE = [
  "cloud-node-lifecycle-controller",
  "node-route-controller",
  "service-lb-controller",
  "node-ipam-controller",
  "persistentvolume-attach-detach-controller",
  "persistentvolume-expander-controller",
  "resourceclaim-controller",
  "device-taint-eviction-controller",
  "storage-version-migrator-controller",
];

export function controllerManager({ tools, paths }: Setup): ComponentSpec {
  const kubeconfig = componentKubeconfig(paths, "kube-controller-manager");
  const pki = (file: string) => join(paths.pki, file);
  return {
    name: "kube-controller-manager",
    file: tools["kube-controller-manager"],
    args: [
      `--kubeconfig=${kubeconfig}`,
      "--secure-port=0",
      "--leader-elect=false",
      "--use-service-account-credentials=true",
      `--root-ca-file=${pki("ca.crt")}`,
      `--service-account-private-key-file=${pki("sa.key")}`,
      `--cluster-signing-cert-file=${pki("ca.crt")}`,
      `--cluster-signing-key-file=${pki("ca.key")}`,
      "--allocate-node-cidrs=false",
      `--controllers=*,${IDLE.map((name) => `-${name}`).join(",")}`,
      // It makes a service account and a token for each controller when it starts: the default rate spends 3 s on that.
      "--kube-api-qps=500",
      "--kube-api-burst=1000",
      "--profiling=false",
    ],
    env: {},
    inputs: [kubeconfig, pki("ca.crt")],
  };
}
