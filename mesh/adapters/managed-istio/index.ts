/**
 * What adapters of Istios have in common whose control plane the cloud runs: a plan without an install, and the
 * objects around it. Nothing here knows which cloud.
 */
export { gatewayOutputs } from "./gateways";
export { meshConfigMap } from "./mesh-config";
export { memberNamespaces, namespaceFaults } from "./namespaces";
export { managedPlan, TRAFFIC, type ManagedParts } from "./plan";
