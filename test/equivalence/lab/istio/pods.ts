import { isJsonObject, type JsonObject } from "../../../../lib";
import type { NormalizedIntent, Service } from "../../../../mesh/intent/types";
import type { Chart, MeshPlan } from "../../../../mesh/plan/types";
import { podIp } from "../addresses";

export interface NamedPort {
  readonly name: string;
  readonly port: number;
  readonly targetPort: number;
}

/** A Kubernetes Service and who stands behind it. */
export interface Deployed {
  readonly role: "sidecar" | "router";
  readonly name: string;
  readonly namespace: string;
  readonly selector: { readonly [key: string]: string };
  readonly ports: readonly NamedPort[];
  readonly serviceAccount: string;
  /** Of the intent; absent for gateways. */
  readonly service?: Service;
  readonly gateway?: string;
}

/** One pod with a proxy. */
export interface Pod {
  readonly slot: number;
  readonly of: Deployed;
  readonly name: string;
  readonly version?: string;
  readonly labels: { readonly [key: string]: string };
  readonly ip: string;
}

/** The services of an intent in its order, then its gateways as the plan installs them. */
export function deployedOf(intent: NormalizedIntent, plan: MeshPlan): Deployed[] {
  return [...intent.services.map(deployedService), ...gatewaysOf(plan)];
}

function deployedService(service: Service): Deployed {
  const { name, namespace, selector, serviceAccount, ports } = service;
  const named = ports.map(({ port, targetPort, protocol }) => ({
    name: `${protocol}-${port}`,
    port,
    targetPort,
  }));
  return { role: "sidecar", name, namespace, selector, ports: named, serviceAccount, service };
}

function gatewaysOf(plan: MeshPlan): Deployed[] {
  const charts = plan.steps.flatMap((s) =>
    s.do.kind === "chart" && s.do.chart.chart === "gateway" ? [s.do.chart] : [],
  );
  const places = plan.outputs["gateways"];
  return Object.entries(isJsonObject(places) ? places : {}).flatMap(([gateway, place]): Deployed[] => {
    const chart = charts.find((c) => isJsonObject(place) && c.release === place["service"]);
    return chart === undefined ? [] : [{ ...deployedRelease(chart), gateway }];
  });
}

/** A release of the gateway chart: its name is that of its Service and of its account. */
function deployedRelease({ release: name, namespace, values }: Chart): Deployed {
  const service = isJsonObject(values["service"]) ? values["service"] : {};
  const ports = service["ports"] as unknown as readonly NamedPort[];
  const selector = (values["labels"] ?? {}) as JsonObject as { readonly [key: string]: string };
  return { role: "router", name, namespace, selector, ports, serviceAccount: name };
}

/** One pod for each version of each service; what has no versions has one. */
export function podsOf(all: readonly Deployed[]): Pod[] {
  return all
    .flatMap((of): Omit<Pod, "slot" | "ip">[] => {
      const versions = of.service?.versions ?? [];
      if (versions.length === 0) return [{ of, name: `${of.name}-0`, labels: of.selector }];
      return versions.map(({ name, labels }) => ({
        ...{ of, name: `${of.name}-${name}`, version: name },
        labels: { ...of.selector, ...labels },
      }));
    })
    .map((pod, slot) => ({ ...pod, slot, ip: podIp(slot) }));
}
