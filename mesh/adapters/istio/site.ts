import type { Lookup } from "../../intent/lookup";
import type { NormalizedIntent } from "../../intent/types";

/** The intent and where it is to hold: all that Istio's objects are made from, whoever runs the control plane. */
export interface Site {
  readonly intent: NormalizedIntent;
  readonly lookup: Lookup;
  /** The control plane's namespace, where mesh-wide objects live. */
  readonly rootNamespace: string;
  /** The trust domain of the workloads' identities. */
  readonly trustDomain: string;
  /** The pods of the intent's gateway of this name. */
  readonly gateway: (name: string) => GatewayPods;
  /**
   * Name of the waypoint of each namespace, where those enforce what is said of services; absent where each pod's own
   * proxy does.
   */
  readonly waypoint?: string;
}

export interface GatewayPods {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Labels of the pods. */
  readonly selector: { readonly [label: string]: string };
}
