import type { FollowEvent, KubeClient, ListQuery } from "../../kube";
import { dnsZone } from "./dns-zone";
import type { DnsZone } from "./dns";
import { followAlways } from "./follow-always";
import { startDns } from "./dns-server";
import type { EndpointSlice, Service } from "./k8s";
import { FIELD_MANAGER } from "./node-object";

/** The Services and EndpointSlices of the cluster, kept up to date. */
export class Directory {
  private readonly slices = new Map<string, EndpointSlice>();
  private readonly byKey = new Map<string, Service>();
  private cached: DnsZone | undefined;

  constructor(private readonly client: KubeClient) {}

  get services(): readonly Service[] {
    return [...this.byKey.values()];
  }

  zone(): DnsZone {
    this.cached ??= dnsZone(this.byKey.values(), this.slices.values());
    return this.cached;
  }

  /** Resolves once everything was read for the first time; goes on until the signal fires. */
  async start(signal: AbortSignal): Promise<void> {
    const discovery = { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" };
    await Promise.all([
      this.fill(this.byKey as Map<string, unknown>, { apiVersion: "v1", kind: "Service" }, signal),
      this.fill(this.slices as Map<string, unknown>, discovery, signal),
    ]);
  }

  /** Resolves at the first complete list. */
  private fill(map: Map<string, unknown>, kind: ListQuery, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const onEvent = (event: FollowEvent): void => {
        this.cached = undefined;
        if (event.type === "SYNCED") {
          resolve();
          return;
        }
        const key = `${event.object.metadata.namespace}/${event.object.metadata.name}`;
        if (event.type === "DELETED") map.delete(key);
        else map.set(key, event.object);
      };
      void followAlways(this.client, kind, { signal, onEvent });
    });
  }
}

/** Answers DNS at the host's end of the link, behind the Service kube-system/kube-dns as in other clusters. */
export async function serveClusterDns(
  client: KubeClient,
  zone: () => DnsZone,
  where: { readonly hostIp: string; readonly dnsServiceIp: string },
): Promise<void> {
  const port = await startDns(where.hostIp, zone);
  const mode = { fieldManager: FIELD_MANAGER, force: true };
  const metadata = { name: "kube-dns", namespace: "kube-system" };
  const ports = ["UDP", "TCP"].map((protocol) => ({
    name: protocol === "UDP" ? "dns" : "dns-tcp",
    protocol,
    port: 53,
  }));
  await client.apply(
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { ...metadata, labels: { "k8s-app": "kube-dns", "kubernetes.io/cluster-service": "true" } },
      spec: { clusterIP: where.dnsServiceIp, ports },
    },
    mode,
  );
  await client.apply(
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { ...metadata, labels: { "kubernetes.io/service-name": "kube-dns" } },
      addressType: "IPv4",
      endpoints: [{ addresses: [where.hostIp], conditions: { ready: true } }],
      ports: ports.map((one) => ({ ...one, port })),
    },
    mode,
  );
}
