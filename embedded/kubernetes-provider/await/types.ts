import type { KubeObject, ListQuery } from "../../../kube";
import type { Severity } from "../../plugin";

/** What an object is judged by. */
export interface View {
  readonly object: KubeObject;
  /** Objects that the kind's `related` asks for. */
  readonly related: readonly KubeObject[];
}

export interface StatusLine {
  readonly severity: Severity;
  readonly text: string;
}

/** Pure judgement of one moment. */
export interface Assessment {
  readonly ready: boolean;
  /** It will never become ready: waiting on makes no sense. */
  readonly failed?: boolean;
  /** Shown while waiting, newest last. */
  readonly status?: readonly StatusLine[];
  /** Why it is not ready, for the error when waiting ends. */
  readonly problems?: readonly string[];
}

/** How one kind becomes ready. One file a kind. */
export interface Awaiter {
  readonly timeoutSeconds: number;
  /** Shown when waiting starts. */
  readonly start?: string;
  /** Shown when it is ready; kinds without it wait silently. */
  readonly done?: string;
  /** Other objects that decide; watched as well. */
  related?(object: KubeObject): ListQuery | undefined;
  /** Pods whose troubles explain why it is not ready; looked at only then. */
  pods?(object: KubeObject): ListQuery | undefined;
  /** Keep the object as it was written in the state, not as it was when ready. */
  readonly keepsWritten?: boolean;
  assess(view: View): Assessment;
}

/** Parts of `status` and `spec` that several kinds have. */
export interface Workload {
  readonly spec?: {
    readonly replicas?: number;
    readonly paused?: boolean;
    readonly selector?: {
      readonly matchLabels?: Readonly<Record<string, string>>;
      readonly matchExpressions?: readonly MatchExpression[];
    };
    readonly updateStrategy?: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly partition?: number };
    };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly updatedReplicas?: number;
    readonly currentRevision?: string;
    readonly updateRevision?: string;
    readonly desiredNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberAvailable?: number;
    readonly conditions?: readonly Condition[] | null;
  };
}

interface MatchExpression {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export function workload(object: KubeObject): Workload {
  return object as unknown as Workload;
}

export function conditionOf(object: KubeObject, type: string): Condition | undefined {
  return workload(object).status?.conditions?.find((condition) => condition.type === type);
}

/** Whether the controller has seen the object as it is now. */
export function observed(object: KubeObject): boolean {
  return (workload(object).status?.observedGeneration ?? 0) >= (object.metadata.generation ?? 0);
}

export const info = (text: string): StatusLine => ({ severity: "info", text });
export const warning = (text: string): StatusLine => ({ severity: "warning", text });

/** The pods that a workload's selector selects. */
export function podsOf(object: KubeObject): ListQuery | undefined {
  const { matchLabels = {}, matchExpressions = [] } = workload(object).spec?.selector ?? {};
  const equal = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  const sets = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === "Exists") return key;
    if (operator === "DoesNotExist") return `!${key}`;
    return `${key} ${operator === "In" ? "in" : "notin"} (${values.join(",")})`;
  });
  const labelSelector = [...equal, ...sets].join(",");
  if (!labelSelector) return undefined;
  return { apiVersion: "v1", kind: "Pod", labelSelector, ...inNamespace(object) };
}

export function inNamespace({ metadata }: KubeObject): { readonly namespace?: string } {
  return metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
}
