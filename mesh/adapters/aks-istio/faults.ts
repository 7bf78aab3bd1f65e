import { errorAt, type Diagnostic } from "../../../lib";
import type { Gateway, NormalizedIntent } from "../../intent/types";

const PORTS: readonly number[] = [80, 443];

/** Gateways that the add-on's own cannot be. */
export function gatewayFaults({ gateways }: NormalizedIntent): Diagnostic[] {
  return [...gateways.flatMap(portFaults), ...sharedFaults(gateways)];
}

function portFaults({ listeners }: Gateway): Diagnostic[] {
  return listeners
    .filter((l) => !PORTS.includes(l.port))
    .map((l) =>
      errorAt([...l.at, "port"], {
        code: "unsupported-listener-port",
        message: `the add-on's ingress gateways listen on 80 and 443, not on ${l.port}`,
        hint: "use one of these two",
      }),
    );
}

/** Two gateways of one exposure would be the same pods: each would serve the other's hosts. */
function sharedFaults(gateways: readonly Gateway[]): Diagnostic[] {
  return gateways.flatMap((gateway, i) => {
    const before = gateways.slice(0, i).find((other) => other.exposure === gateway.exposure);
    if (before === undefined) return [];
    return [
      errorAt(gateway.at, {
        code: "unsupported-gateway",
        message: `the add-on has one ${gateway.exposure} ingress gateway, and ${before.name} is it already`,
        hint: `add the listeners of ${gateway.name} to ${before.name}`,
      }),
    ];
  });
}
