import { cpus, hostname, release, totalmem } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { isStatus, type KubeClient, type KubeObject } from "../../kube";

export const FIELD_MANAGER = "meshwright-node";
const LEASE_SECONDS = 40;
const HEARTBEAT_MS = 10_000;
const STATUS_EVERY = 30;

/** The node of a cluster on which pods really run. */
export const processNodeName = (cluster: string): string => `${cluster}-process-0`;

export interface NodeFacts {
  readonly name: string;
  readonly internalIp: string;
  readonly kubernetesVersion: string;
  /** Port on loopback at which logs are served. */
  readonly logsPort: number;
}

/**
 * Requests are not held against the machine: nothing enforces them, and a mesh that asks for four CPUs in all runs well
 * on two. So the node offers more than it has; what containers are told of the machine is its true size.
 */
const OFFERED = { cpu: "64", memory: "256Gi", "ephemeral-storage": "100Gi", pods: "240" };

export const machine = { cpus: cpus().length, memoryBytes: totalmem() };

function nodeStatus(facts: NodeFacts): object {
  const now = new Date().toISOString();
  const condition = (type: string, status: boolean, reason: string) => ({
    type,
    status: status ? "True" : "False",
    reason,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  return {
    capacity: OFFERED,
    allocatable: OFFERED,
    conditions: [
      condition("MemoryPressure", false, "NotWatched"),
      condition("DiskPressure", false, "NotWatched"),
      condition("PIDPressure", false, "NotWatched"),
      condition("Ready", true, "AgentReady"),
    ],
    // The name is where the API server asks for logs; pods and NodePorts are at the address.
    addresses: [
      { type: "Hostname", address: "localhost" },
      { type: "InternalIP", address: facts.internalIp },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: facts.logsPort } },
    nodeInfo: {
      machineID: facts.name,
      systemUUID: facts.name,
      bootID: facts.name,
      kernelVersion: release(),
      osImage: `processes of ${hostname()}`,
      containerRuntimeVersion: "process://1",
      kubeletVersion: `v${facts.kubernetesVersion}`,
      kubeProxyVersion: `v${facts.kubernetesVersion}`,
      operatingSystem: "linux",
      architecture: process.arch === "arm64" ? "arm64" : "amd64",
    },
  };
}

function nodeObject(facts: NodeFacts): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: facts.name,
      labels: {
        "kubernetes.io/hostname": facts.name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": process.arch === "arm64" ? "arm64" : "amd64",
        "meshwright.dev/simulated": "false",
      },
    },
  };
}

/** Makes the Node object where there is none, and writes that it is ready. */
async function reportNode(client: KubeClient, facts: NodeFacts): Promise<void> {
  const ref = { apiVersion: "v1", kind: "Node", name: facts.name };
  const mode = { fieldManager: FIELD_MANAGER };
  if ((await client.find(ref)) === undefined) {
    await client.create(nodeObject(facts), mode).catch((error: unknown) => {
      if (!isStatus(error, "AlreadyExists")) throw error;
    });
  }
  await client.mergePatch({ ...ref, subresource: "status" }, { status: nodeStatus(facts) }, mode);
}

async function renewLease(client: KubeClient, facts: NodeFacts): Promise<void> {
  const { name } = facts;
  const node = await client.get({ apiVersion: "v1", kind: "Node", name });
  const owner = { apiVersion: "v1", kind: "Node", name, uid: node.metadata.uid ?? "" };
  const renewTime = new Date().toISOString().replace("Z", "000Z");
  const lease: KubeObject = {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace: "kube-node-lease", ownerReferences: [owner] },
    spec: { holderIdentity: name, leaseDurationSeconds: LEASE_SECONDS, renewTime },
  };
  const ref = { apiVersion: lease.apiVersion, kind: "Lease", name, namespace: "kube-node-lease" };
  if ((await client.find(ref)) === undefined) await client.create(lease, { fieldManager: FIELD_MANAGER });
  else await client.mergePatch(ref, { spec: lease["spec"] }, { fieldManager: FIELD_MANAGER });
}

/** Says that the node lives until the signal fires. Failures are told and tried again: the API server may be away. */
export async function heartbeat(client: KubeClient, facts: NodeFacts, signal: AbortSignal): Promise<void> {
  for (let beat = 0; !signal.aborted; beat++) {
    try {
      if (beat % STATUS_EVERY === 0) await reportNode(client, facts);
      await renewLease(client, facts);
    } catch (error) {
      console.error(`heartbeat: ${(error as Error).message}`);
      beat = -1;
    }
    await sleep(beat < 0 ? 1000 : HEARTBEAT_MS, undefined, { signal }).catch(() => undefined);
  }
}
