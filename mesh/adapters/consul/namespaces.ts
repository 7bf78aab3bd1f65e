import { byText } from "../../../lib";
import { kubeObject } from "../../plan/objects";
import type { KubeObject } from "../../plan/types";
import { CONSUL_NAMESPACE, INJECTION_LABEL } from "./names";
import type { Site } from "./site";

/** Consul's namespace, the gateways', and those of the intent's services, whose pods are injected. */
export function namespaces({ intent, options }: Site): KubeObject[] {
  const injected = new Set(
    options.createNamespaces
      ? intent.services.filter((s) => s.workloads === "kubernetes").map((s) => s.namespace)
      : [],
  );
  injected.delete(CONSUL_NAMESPACE);
  const gateways = intent.gateways.length > 0 && !injected.has(options.gatewayNamespace);
  return [
    namespace(CONSUL_NAMESPACE, {}),
    // Gateways bring their own proxies, which must not be injected with another.
    ...(gateways ? [namespace(options.gatewayNamespace, {})] : []),
    ...[...injected].sort(byText).map((name) => namespace(name, INJECTION_LABEL)),
  ];
}

function namespace(name: string, labels: { readonly [label: string]: string }): KubeObject {
  return kubeObject({ apiVersion: "v1", kind: "Namespace", name, labels });
}
