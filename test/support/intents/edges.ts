import type { CapabilityId } from "../../../mesh/capability/ids";
import { CALLER, MAIN, OTHER, TCP, TLS, type Draft, type WrittenListener, type WrittenRoute } from "./draft";
import { backends, httpRules } from "./routing";
import { grpcRules, inRoutes, SNI_HOSTS } from "./routes";

const PROTOCOLS = ["http", "https", "grpc", "tls", "tcp"] as const;
const PORTS = { http: 80, https: 443, grpc: 50051, tls: 8443, tcp: 5432 } as const;
const EXPOSURES = ["public", "internal", "cluster"] as const;
export const GATEWAY_HOSTS = ["shop.example.com", "*.example.com", "www.shop.test"] as const;

/** Where calls come in: a gateway for each exposure, the first with every listener that is wanted. */
export function addGateways(draft: Draft): void {
  const { dice, intent, wants } = draft;
  const exposures = dice.shuffled(EXPOSURES.filter((e) => wants(`gateway.exposure.${e}`)));
  const protocols = PROTOCOLS.filter((p) => wants(`gateway.${p}`));
  if (exposures.length === 0 || protocols.length === 0) return;
  const gateways: NonNullable<typeof intent.gateways> = {};
  exposures.forEach((exposure, i) => {
    const listeners = (i === 0 ? protocols : [dice.pick(protocols)]).map((protocol) =>
      listenerOf(draft, protocol),
    );
    gateways[`${exposure}-door`] = { exposure, listeners };
  });
  intent.gateways = gateways;
}

function listenerOf({ dice }: Draft, protocol: WrittenListener["protocol"]): WrittenListener {
  const port = PORTS[protocol];
  switch (protocol) {
    case "https":
      return { port, protocol, hosts: ["*.example.com", "www.shop.test"], tls: { secret: "door-cert" } };
    case "tls":
      return { port, protocol, hosts: ["*.example.com"] };
    case "tcp":
      return { port, protocol };
    default:
      return dice.chance(0.5)
        ? { port, protocol }
        : { port, protocol, hosts: ["*.example.com", "www.shop.test"] };
  }
}

/** Routes of every gateway, for every kind that its listeners take. */
export function addGatewayRoutes(draft: Draft, wanted: readonly CapabilityId[]): void {
  const { dice, intent, wants } = draft;
  for (const [gateway, { listeners }] of Object.entries(intent.gateways ?? {})) {
    const protocols = new Set(listeners.map((l) => l.protocol));
    const routes: WrittenRoute[] = [];
    if ((protocols.has("http") || protocols.has("https")) && wants("route.http")) {
      const some = dice.some(wanted, 0.6);
      const rules = httpRules(draft, MAIN, some);
      const [host, other] = dice.shuffled(GATEWAY_HOSTS);
      const hosts = [host ?? GATEWAY_HOSTS[0]];
      routes.push(...inRoutes(draft, { gateway, hosts }, rules));
      if (other !== undefined && dice.chance(0.4)) {
        const backend = dice.pick([OTHER, CALLER]);
        routes.push({ kind: "http", for: { gateway, hosts: [other] }, rules: httpRules(draft, backend, []) });
      }
    }
    if (protocols.has("grpc") && wants("route.grpc")) {
      routes.push({
        kind: "grpc",
        for: { gateway, hosts: ["grpc.example.com"] },
        rules: grpcRules(draft, dice.some(wanted, 0.5)),
      });
    }
    if (protocols.has("tls") && wants("route.tls")) {
      routes.push({
        kind: "tls",
        for: { gateway, hosts: ["*.example.com"] },
        rules: [{ sni: [SNI_HOSTS[0]], backends: backends(draft, TLS) }],
      });
    }
    if (protocols.has("tcp") && wants("route.tcp")) {
      routes.push({ kind: "tcp", for: { gateway }, rules: [{ backends: backends(draft, TCP) }] });
    }
    intent.routes.push(...routes);
  }
}

/** What may be called outside. */
export function addEgress({ dice, intent, wants }: Draft): void {
  const preset = wants("egress.allow") ? "allow" : wants("egress.deny") ? "deny" : undefined;
  if (preset === undefined) return;
  const external = {
    ...(wants("egress.external")
      ? {
          github: {
            hosts: ["api.github.com"],
            ports: [{ port: 443, protocol: dice.pick(["tls", "https"] as const) }],
          },
        }
      : {}),
    ...(wants("egress.external.wildcard")
      ? { cdn: { hosts: ["*.cdn.example.net"], ports: [{ port: 443, protocol: "tls" as const }] } }
      : {}),
  };
  intent.egress = { default: preset, ...(Object.keys(external).length === 0 ? {} : { external }) };
}
