import type { KubeObject } from "../kube";
import type { NormalizedIntent } from "../mesh/intent/types";
import type { ProxyConfig } from "./xds/types";

/** One thing that is not as the intent says. */
export interface Finding {
  /** What it was found in: `bookinfo/reviews-v1-… port 9080`, or an object: `AuthorizationPolicy bookinfo/hole`. */
  readonly where: string;
  /** What is wrong, as one sentence without a final stop. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** What a check counted or measured, in the order in which it is shown. */
export type Figures = { readonly [name: string]: number | string };

/** What one check saw. Without findings it passed. */
export interface Outcome {
  readonly figures: Figures;
  readonly findings: readonly Finding[];
}

/** A pod as the checks need it. */
export interface PodFacts {
  readonly namespace: string;
  readonly name: string;
  readonly ip: string;
  readonly labels: { readonly [key: string]: string };
  /** The pod has a proxy of the mesh. */
  readonly meshed: boolean;
}

/** A proxy that is connected to istiod, and what it refused of the answers it got last. */
export interface ProxySync {
  /** `<pod>.<namespace>` */
  readonly proxy: string;
  readonly refused: readonly { readonly type: string; readonly reason: string }[];
}

/** What was read from the cluster and from istiod. */
export interface Observed {
  readonly proxies: readonly ProxyConfig[];
  readonly pods: readonly PodFacts[];
  readonly peerAuthentications: readonly KubeObject[];
  /** Proxies that really run, as istiod sees them; or why it could not be asked. */
  readonly syncs: readonly ProxySync[] | { readonly unknown: string };
}

/** Where the proxies of a gateway run, and as whom. */
export interface GatewayPlace {
  readonly name: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** What the mesh is held to. */
export interface Expected {
  readonly intent: NormalizedIntent;
  readonly gateways: readonly GatewayPlace[];
  /** `namespace/name` of every AuthorizationPolicy of the plan. */
  readonly authorizationPolicies: ReadonlySet<string>;
  /** The namespace whose policies hold for the whole mesh, and where istiod runs. */
  readonly rootNamespace: string;
  /** The control plane's revision; `default` where it has none of its own. */
  readonly revision: string;
}

export type Check = (observed: Observed, expected: Expected) => Outcome;
