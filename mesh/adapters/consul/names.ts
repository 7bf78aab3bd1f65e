import { shortHash, type JsonObject } from "../../../lib";
import type { ExternalService, Service } from "../../intent/types";
import { kubeObject } from "../../plan/objects";
import type { KubeObject } from "../../plan/types";

/** Where Consul's servers and its mesh-wide config entries live. */
export const CONSUL_NAMESPACE = "consul";

/** The label by which the injector knows the namespaces whose pods it injects. */
export const INJECTION_LABEL = { "consul.hashicorp.com/connect-inject": "enabled" } as const;

export const TERMINATING_GATEWAY = "terminating-gateway";

/** Without Enterprise there are no namespaces: a service is known by its name alone. */
export function consulName({ name }: Service): string {
  return name;
}

/** A gateway's name in Consul, and that of its Gateway object. */
export function gatewayName(gateway: string): string {
  return `${gateway}-gateway`;
}

/** External services have one name for each of their ports. */
export function externalName({ name, ports }: ExternalService, port: number): string {
  return ports.length === 1 ? name : `${name}-${port}`;
}

/** A service that only exists to be split: equal splits have equal names. */
export function splitName(service: string, content: string): string {
  return `${service.slice(0, 45)}-split-${shortHash(content)}`;
}

/** One of Consul's own kinds; its config entry has the object's name. */
export function entry(
  kind: string,
  { name, namespace, spec }: { name: string; namespace: string; spec: JsonObject },
): KubeObject {
  return kubeObject({ apiVersion: "consul.hashicorp.com/v1alpha1", kind, name, namespace, spec });
}
