import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kubeconfig } from "../../../../embedded/cluster/kubeconfig";
import { ensurePki } from "../../../../embedded/cluster/pki";
import { connectionOf, KubeClient, loadKubeconfig } from "../../../../kube";
import { API_SERVER, ETCD_PORT, SERVICE_CIDR } from "../addresses";
import { start, toolPath, untilReady } from "../process";

export interface ApiServer {
  readonly kube: KubeClient;
  readonly kubeconfig: string;
}

const SERVER = `https://${API_SERVER.host}:${API_SERVER.port}`;

/** etcd and a Kubernetes API server, and nothing else: no controller touches what is written. */
export async function startApiServer(folder: string): Promise<ApiServer> {
  const pki = join(folder, "pki");
  mkdirSync(pki, { recursive: true });
  const keys = await ensurePki({ dir: pki, node: "node", serverNames: [API_SERVER.host] }, new Date());
  const file = join(folder, "kubeconfig");
  writeFileSync(
    file,
    kubeconfig({ name: "lab", server: SERVER, ca: keys.ca.certificate }, "admin", keys.admin),
  );
  start("etcd", [toolPath("etcd"), ...etcdArguments(folder)], { folder });
  const server = start("kube-apiserver", [toolPath("kube-apiserver"), ...apiServerArguments(pki)], {
    folder,
    env: { GOGC: "50" },
  });
  const kube = new KubeClient(connectionOf(loadKubeconfig(file)));
  await untilReady(
    server,
    async () => (await kube.raw({ method: "GET", path: "/readyz", idempotent: true })) === "ok",
  );
  return { kube, kubeconfig: file };
}

function etcdArguments(folder: string): string[] {
  const url = `http://127.0.0.1:${ETCD_PORT}`;
  const peer = "http://127.0.0.1:2380";
  return [
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    "--unsafe-no-fsync",
    "--log-level=error",
  ];
}

function apiServerArguments(pki: string): string[] {
  const at = (file: string) => join(pki, file);
  return [
    `--etcd-servers=http://127.0.0.1:${ETCD_PORT}`,
    `--bind-address=${API_SERVER.host}`,
    `--secure-port=${API_SERVER.port}`,
    "--advertise-address=10.255.0.1",
    "--endpoint-reconciler-type=none",
    `--service-cluster-ip-range=${SERVICE_CIDR}`,
    `--tls-cert-file=${at("apiserver.crt")}`,
    `--tls-private-key-file=${at("apiserver.key")}`,
    `--client-ca-file=${at("ca.crt")}`,
    "--authorization-mode=RBAC",
    // Pods and their namespaces stand here without anybody who runs them.
    "--disable-admission-plugins=ServiceAccount,NamespaceLifecycle,DefaultTolerationSeconds,Priority",
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
    `--service-account-key-file=${at("sa.pub")}`,
    `--service-account-signing-key-file=${at("sa.key")}`,
    "--profiling=false",
  ];
}
