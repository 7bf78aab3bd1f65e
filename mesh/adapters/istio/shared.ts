/**
 * What the adapters of managed Istios make their plans from: everything but the install. Each function takes a Site,
 * which says where things are; none of them knows who runs the control plane.
 */
export { sidecarTable } from "./capabilities";
export { egressObjects } from "./egress";
export { siteFaults } from "./faults";
export { gatewayObjects } from "./gateway-objects";
export { meshConfig } from "./mesh-config";
export { securityObjects } from "./security";
export type { GatewayPods, Site } from "./site";
export { telemetryObjects } from "./telemetry";
export { trafficObjects } from "./traffic";
export { workloadGroups } from "./virtual-machines";
