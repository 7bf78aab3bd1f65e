import fc from "fast-check";
import type { NormalizedIntent, Route, Service } from "../../../mesh/intent/types";
import { isHttpLike } from "../../../mesh/intent/types";
import type { Client, Destination, Request } from "../../../mesh/semantics";
import { callFor } from "./calls";
import { Dice } from "./dice";
import { STRANGER } from "./security";
import { tokenFor } from "./tokens";

const ADDRESSES = ["10.1.2.3", "10.1.2.4", "192.168.7.7", "172.16.0.1", "fd00::1", undefined] as const;

/** Requests near an intent: most hit one of its matches, or miss it by little. */
export function requestsFor(intent: NormalizedIntent): fc.Arbitrary<Request> {
  return fc.nat().map((seed) => requestFor(intent, new Dice(seed)));
}

export function requestFor(intent: NormalizedIntent, dice: Dice): Request {
  const route = intent.routes.length > 0 && dice.chance(0.7) ? dice.pick(intent.routes) : undefined;
  const to = (route && destinationOf(route, intent, dice)) ?? anywhere(intent, dice);
  const token = tokenFor(intent, dice);
  const asked = intent.externalAuthorization.length > 0 && dice.chance(0.6);
  return {
    from: clientFor(to, intent, dice),
    to,
    call: callFor(to, { intent, route, dice }),
    ...(token === undefined ? {} : { token }),
    ...(asked ? { externalAuthorization: dice.pick(["allow", "deny", "unreachable"] as const) } : {}),
  };
}

/** Where a route is followed; undefined where the gateway has no listener for it. */
function destinationOf(
  { kind, for: target }: Route,
  intent: NormalizedIntent,
  dice: Dice,
): Destination | undefined {
  if (target.kind === "service") {
    const service = intent.services.find((s) => s.key === target.service);
    const port = target.port ?? service?.ports[0]?.port;
    return port === undefined ? undefined : { kind: "service", service: target.service, port };
  }
  const takes = kind === "http" ? ["http", "https"] : [kind];
  const listeners = intent.gateways
    .filter((g) => g.name === target.gateway)
    .flatMap((g) => g.listeners)
    .filter((l) => takes.includes(l.protocol));
  if (listeners.length === 0) return undefined;
  return { kind: "gateway", gateway: target.gateway, port: dice.pick(listeners).port, address: "10.1.2.3" };
}

/** Any port of any service, any listener, or a host outside, now and then one that there is not. */
function anywhere(intent: NormalizedIntent, dice: Dice): Destination {
  const gateway = intent.gateways.length > 0 && dice.chance(0.3) ? dice.pick(intent.gateways) : undefined;
  if (gateway !== undefined) {
    const port = dice.chance(0.9) ? dice.pick(gateway.listeners).port : 4444;
    return { kind: "gateway", gateway: gateway.name, port, address: "10.1.2.3" };
  }
  if (intent.egress !== undefined && dice.chance(0.4)) return outside(intent.egress, dice);
  const service = dice.pick(intent.services);
  return {
    kind: "service",
    service: service.key,
    port: dice.chance(0.97) ? dice.pick(service.ports).port : 4444,
  };
}

function outside({ external }: NonNullable<NormalizedIntent["egress"]>, dice: Dice): Destination {
  const hosts = external.flatMap((e) => e.hosts.map((host) => host.replace("*", dice.pick(["a", "a.b"]))));
  const host = dice.pick([
    ...hosts,
    ...hosts,
    "api.github.com.example.org",
    "cdn.example.net",
    "elsewhere.example.org",
  ]);
  return { kind: "external", host, port: dice.pick([443, 443, 443, 80]) };
}

function clientFor(to: Destination, intent: NormalizedIntent, dice: Dice): Client {
  const address = dice.pick(ADDRESSES);
  const where = address === undefined ? {} : { address };
  if (to.kind === "gateway") return { kind: "unmeshed", ...where };
  const callers = intent.services.filter((s) => s.workloads === "kubernetes");
  const service = (): Client => ({ kind: "service", service: dice.pick(callers).key, ...where });
  if (to.kind === "external" || dice.chance(0.65)) return service();
  const principals = [
    STRANGER,
    ...callers.map((s) => principalOf(s, intent)),
    principalOf({ namespace: "ops", serviceAccount: "other" }, intent),
  ];
  const others: Client[] = [
    { kind: "unmeshed", ...where },
    { kind: "principal", principal: dice.pick(principals), ...where },
    ...intent.gateways.slice(0, 1).map((g): Client => ({ kind: "gateway", gateway: g.name, ...where })),
  ];
  return dice.pick(others);
}

function principalOf(
  { namespace, serviceAccount }: Pick<Service, "namespace" | "serviceAccount">,
  { mtls }: NormalizedIntent,
): string {
  return `spiffe://${mtls.trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}

/** Whether a call to a destination carries requests that somebody on the way reads. */
export function isRead(to: Destination, intent: NormalizedIntent): boolean {
  switch (to.kind) {
    case "service": {
      const port = intent.services.find((s) => s.key === to.service)?.ports.find((p) => p.port === to.port);
      return port === undefined || isHttpLike(port.protocol);
    }
    case "gateway": {
      const listener = intent.gateways
        .find((g) => g.name === to.gateway)
        ?.listeners.find((l) => l.port === to.port);
      return listener?.protocol !== "tls" && listener?.protocol !== "tcp";
    }
    case "external":
      return to.port === 80;
  }
}
