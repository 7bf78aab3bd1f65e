import type { CapabilityTable } from "../../../capability/types";
import type { ConsulOptions } from "../options";
import { onAgents, platform } from "./platform";
import { routing } from "./routing";
import { security } from "./security";
import { traffic } from "./traffic";

/** What Consul's free edition can do, in Kubernetes or on machines. */
export function capabilityTable({ platform: where }: ConsulOptions): CapabilityTable {
  const table = { ...routing, ...traffic, ...security, ...platform };
  return where === "agents" ? { ...table, ...onAgents } : table;
}
