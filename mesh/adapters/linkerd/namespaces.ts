import { byText, errorAt, type Diagnostic } from "../../../lib";
import type { MtlsMode } from "../../intent/types";
import { kubeObject } from "../../plan/objects";
import type { KubeObject } from "../../plan/types";
import { ACCESS_LOG, CNI_NAMESPACE, EGRESS_NAMESPACE, INBOUND_POLICY, SYSTEM_NAMESPACE } from "./names";
import type { Site } from "./site";

/** Namespaces that every cluster has, or that belong to it. */
const TAKEN = ["default", "kube-system", "kube-public", "kube-node-lease", SYSTEM_NAMESPACE, CNI_NAMESPACE];

/** The control plane's namespaces, the gateways', and those of the intent's services, ready for injection. */
export function namespaces(site: Site): KubeObject[] {
  const { intent, options } = site;
  const gateways = intent.gateways.length > 0 ? options.gateways?.namespace : undefined;
  const services = new Set(options.createNamespaces ? intent.services.map((s) => s.namespace) : []);
  if (gateways !== undefined) services.delete(gateways);
  return [
    systemNamespace(SYSTEM_NAMESPACE, options.cni ? "restricted" : "privileged"),
    ...(options.cni ? [cniNamespace()] : []),
    ...(intent.egress === undefined ? [] : [namespace(EGRESS_NAMESPACE, {})]),
    // A gateway is there for callers without an identity.
    ...(gateways === undefined
      ? []
      : [namespace(gateways, { ...INJECTED, [INBOUND_POLICY]: "all-unauthenticated" })]),
    ...[...services].sort(byText).map((name) => namespace(name, annotationsOf(name, site))),
  ];
}

const INJECTED = { "linkerd.io/inject": "enabled" };

function namespace(name: string, annotations: { readonly [name: string]: string }): KubeObject {
  return kubeObject({ apiVersion: "v1", kind: "Namespace", name, annotations });
}

/** Linkerd's webhooks keep out of it, or a control plane that is down could never come back. */
function systemNamespace(name: string, podSecurity: string): KubeObject {
  return kubeObject({
    apiVersion: "v1",
    kind: "Namespace",
    name,
    labels: {
      "linkerd.io/is-control-plane": "true",
      "linkerd.io/control-plane-ns": SYSTEM_NAMESPACE,
      "config.linkerd.io/admission-webhooks": "disabled",
      "pod-security.kubernetes.io/enforce": podSecurity,
    },
    annotations: { "linkerd.io/inject": "disabled" },
  });
}

function cniNamespace(): KubeObject {
  return kubeObject({
    apiVersion: "v1",
    kind: "Namespace",
    name: CNI_NAMESPACE,
    labels: {
      "linkerd.io/cni-resource": "true",
      "config.linkerd.io/admission-webhooks": "disabled",
      "pod-security.kubernetes.io/enforce": "privileged",
    },
    annotations: { "linkerd.io/inject": "disabled" },
  });
}

function annotationsOf(name: string, { intent }: Site): { readonly [name: string]: string } {
  const override = intent.mtls.overrides.find((o) => o.service === undefined && o.namespace === name);
  return {
    ...INJECTED,
    ...(intent.telemetry?.accessLogs === "all" ? { [ACCESS_LOG]: "json" } : {}),
    ...(override === undefined ? {} : { [INBOUND_POLICY]: inboundPolicy(override.mode, intent) }),
  };
}

/** What a proxy lets in at ports that no Server speaks for. */
export function inboundPolicy(
  mode: MtlsMode,
  { authorization }: Pick<Site["intent"], "authorization">,
): "deny" | "all-authenticated" | "all-unauthenticated" {
  if (authorization.default === "deny") return "deny";
  return mode === "strict" ? "all-authenticated" : "all-unauthenticated";
}

/** Services in namespaces that cannot be made, since they are there before us. */
export function namespaceFaults({ intent, options }: Site): Diagnostic[] {
  if (!options.createNamespaces) return [];
  return intent.services
    .filter((s) => TAKEN.includes(s.namespace))
    .map((s) =>
      errorAt(s.at, {
        code: "namespace-taken",
        message: `the namespace ${s.namespace} of service ${s.key} is not ours to make`,
        hint: "move the service, or set namespaces: { create: false } in the mesh's options and annotate its namespaces yourself",
      }),
    );
}
