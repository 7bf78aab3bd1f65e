import { existsSync } from "node:fs";
import { podIp, podNetns, type NodeNetwork } from "../addresses";
import type { Pod } from "../k8s";
import { startContainer } from "./container";
import { execInContainer } from "./exec";
import type { Plane } from "./plane";
import { createPodNetwork, deletePodNetwork } from "./pod-network";
import { PodRecords } from "./records";
import type { PodSandbox } from "./types";

/** Pods in network namespaces of their own. Needs root on Linux, and the node network. */
export function netnsPlane(folder: string, network: NodeNetwork): Plane {
  const records = new PodRecords(folder);
  const exists = (number: number): boolean => existsSync(`/run/netns/${podNetns(network, number)}`);
  const sandbox = (number: number): PodSandbox => {
    const netns = podNetns(network, number);
    const ip = podIp(network, number);
    return {
      podIp: ip,
      netns,
      address: (port) => ({ host: ip, port }),
      ports: () => ({}),
      start: (files, spec, onExit) => startContainer({ ...files, netns }, spec, onExit),
      exec: execInContainer,
      remove: () => deletePodNetwork(network, number),
    };
  };
  return {
    hostIp: network.nodeIp,
    dnsIp: network.dnsServiceIp,
    open: async (pod: Pod) => {
      if (pod.spec.hostNetwork === true) {
        throw new Error("hostNetwork is refused: the pod would have the network of the machine that runs it");
      }
      const { number } = records.assign(pod);
      const fresh = !exists(number);
      if (fresh) await createPodNetwork(network, number, pod.spec.securityContext?.sysctls ?? []);
      return { sandbox: sandbox(number), fresh };
    },
    reopen: (pod) => {
      const record = records.read(pod.metadata.uid);
      return Promise.resolve(
        record !== undefined && exists(record.number) ? sandbox(record.number) : undefined,
      );
    },
    forget: (uid) => records.remove(uid),
    reserve: (pod) => podIp(network, records.assign(pod).number),
    known: () => records.known(),
    clear: async (uid) => {
      const record = records.read(uid);
      if (record !== undefined) await deletePodNetwork(network, record.number);
      records.remove(uid);
    },
  };
}
