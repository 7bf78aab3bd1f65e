import type { NormalizedIntent, Service } from "../../../../mesh/intent/types";
import { podIp } from "../addresses";

/** One pod with a sidecar. */
export interface Pod {
  readonly slot: number;
  readonly name: string;
  readonly namespace: string;
  readonly service: Service;
  readonly version?: string;
  readonly serviceAccount: string;
  readonly labels: { readonly [key: string]: string };
  readonly ip: string;
}

/** One pod for each version of each service, in the order of the intent; services without versions have one. */
export function podsOf(intent: NormalizedIntent): Pod[] {
  return intent.services
    .flatMap((service): Omit<Pod, "slot" | "ip">[] => {
      const { name, namespace, serviceAccount, selector, versions } = service;
      const base = { namespace, service, serviceAccount };
      if (versions.length === 0) return [{ ...base, name: `${name}-0`, labels: selector }];
      return versions.map((version) => ({
        ...base,
        name: `${name}-${version.name}`,
        version: version.name,
        labels: { ...selector, ...version.labels },
      }));
    })
    .map((pod, slot) => ({ ...pod, slot, ip: podIp(slot) }));
}
