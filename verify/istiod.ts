import { get } from "node:http";
import type { KubeClient, KubeObject } from "../kube";
import type { Reach } from "./reach";
import type { Expected, ProxySync } from "./types";
import type { XdsServer } from "./xds/client";

const XDS_PORT = 15012;
const MONITORING_PORT = 15014;
const TOKEN_SECONDS = 600;

/** A control plane that can be asked. */
export interface Istiod {
  readonly pod: { readonly namespace: string; readonly name: string; readonly ip: string };
  readonly server: XdsServer;
}

/** The istiod that a plan installed. Throws, saying what is missing, where none is ready or reachable. */
export async function findIstiod(kube: KubeClient, expected: Expected, reach: Reach): Promise<Istiod> {
  const { rootNamespace: namespace, revision } = expected;
  const labelSelector = `app=istiod,istio.io/rev=${revision}`;
  const { items } = await kube.list({ apiVersion: "v1", kind: "Pod", namespace, labelSelector });
  const ready = items.filter(isReady).map((item) => podOf(item, namespace));
  const [pod] = ready;
  if (pod === undefined) {
    throw new Error(
      `no istiod is ready in namespace ${namespace} (${items.length} pods): look at \`kubectl -n ${namespace} get pods\``,
    );
  }
  const root = await kube.get({ apiVersion: "v1", kind: "ConfigMap", namespace, name: "istio-ca-root-cert" });
  const rootCertificate =
    (root["data"] as { readonly [key: string]: string } | undefined)?.["root-cert.pem"] ?? "";
  const serverName = `istiod${revision === "default" ? "" : `-${revision}`}.${namespace}.svc`;
  return { pod, server: { address: reach(pod, XDS_PORT), serverName, rootCertificate } };
}

function podOf(item: KubeObject, namespace: string): Istiod["pod"] {
  const status = item["status"] as { readonly podIP?: string } | undefined;
  return { namespace, name: item.metadata.name ?? "", ip: status?.podIP ?? "" };
}

function isReady(item: KubeObject): boolean {
  const status = item["status"] as {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
  const ready = status.conditions?.some(
    (condition) => condition.type === "Ready" && condition.status === "True",
  );
  return ready === true && item.metadata.deletionTimestamp === undefined;
}

/** A token of a service account that istiod takes as proof of identity, valid for ten minutes. */
export async function tokenFor(
  kube: KubeClient,
  account: { namespace: string; name: string },
): Promise<string> {
  const ref = { apiVersion: "v1", kind: "ServiceAccount", ...account, subresource: "token" };
  const spec = { audiences: ["istio-ca"], expirationSeconds: TOKEN_SECONDS };
  const body = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", metadata: {}, spec };
  const answer = await kube.createSubresource(ref, body);
  return (answer["status"] as { readonly token: string }).token;
}

interface SyncEntry {
  readonly proxy?: string;
  readonly resources?: { readonly [type: string]: { readonly lastError?: string } };
}

/** What istiod knows of the proxies connected to it: which of its answers they refused. */
export async function proxySyncs(kube: KubeClient, istiod: Istiod, reach: Reach): Promise<ProxySync[]> {
  const { namespace } = istiod.pod;
  const token = await tokenFor(kube, { namespace, name: "default" });
  const text = await httpGet(`http://${reach(istiod.pod, MONITORING_PORT)}/debug/syncz`, token);
  return (JSON.parse(text) as readonly SyncEntry[]).map(({ proxy = "", resources = {} }) => ({
    proxy,
    refused: Object.entries(resources).flatMap(([type, { lastError }]) =>
      lastError ? [{ type: type.slice(type.lastIndexOf(".") + 1), reason: lastError }] : [],
    ),
  }));
}

function httpGet(url: string, token: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(
      url,
      { headers: { authorization: `Bearer ${token}` }, timeout: 5000, agent: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("error", reject);
        response.on("end", () => {
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(`${url} answered ${response.statusCode}: ${text.slice(0, 200)}`));
        });
      },
    );
    request.on("timeout", () => request.destroy(new Error(`${url} did not answer within 5 s`)));
    request.on("error", reject);
  });
}
