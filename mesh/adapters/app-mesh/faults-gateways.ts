import { errorAt, hostWithin, type Diagnostic } from "../../../lib";
import type { Gateway, Listener } from "../../intent/types";
import { protocolOf } from "./faults-routes";
import { gatewayProtocol, gatewayRules, podPort, type GatewayRule } from "./gateways";
import type { Site } from "./site";

/** What App Mesh's gateways cannot do. */
export function gatewayFaults(site: Site): Diagnostic[] {
  return site.intent.gateways.flatMap((gateway) => {
    const rules = gatewayRules(gateway, site);
    return [
      ...exposureFaults(gateway, site),
      ...listenerFaults(gateway, site),
      ...mixtureFaults(gateway, rules),
      ...rules.flatMap((rule) => ruleFaults(rule, site)),
      ...hostFaults(rules),
    ];
  });
}

function exposureFaults({ name, exposure, at }: Gateway, { options, cluster }: Site): Diagnostic[] {
  if (options.platform !== "eks" || exposure === "cluster") return [];
  const lacking =
    exposure === "internal" ? cluster.internalLoadBalancer === undefined : !cluster.loadBalancer;
  if (!lacking) return [];
  const message = `gateway ${name} asks for ${exposure === "internal" ? "an internal" : "a"} load balancer, and this cluster does not say how to have one`;
  return [
    errorAt([...at, "exposure"], { code: "unsupported-exposure", message, hint: "use exposure: cluster" }),
  ];
}

function listenerFaults({ listeners }: Gateway, { options }: Site): Diagnostic[] {
  return listeners.flatMap((listener, i) => {
    const { tlsSecret, port, at } = listener;
    const before = listeners.slice(0, i).find((l) => podPort(l.port) === podPort(port));
    const named = tlsSecret === undefined || options.gatewayCertificates[tlsSecret] !== undefined;
    return [
      ...(before === undefined ? [] : sharedFaults(listener, before)),
      ...(named || options.platform === "eks"
        ? []
        : [
            errorAt([...at, "tls", "secret"], {
              code: "missing-certificate",
              message: `there are no Secrets where the gateway runs: ${tlsSecret} must be a certificate in ACM`,
              hint: "name its ARN in the mesh's options: gateways: { certificates: { … } }",
            }),
          ]),
    ];
  });
}

/** Listeners of one port are one listener in App Mesh. */
function sharedFaults(listener: Listener, before: Listener): Diagnostic[] {
  const same =
    listener.port === before.port &&
    listener.tlsSecret === before.tlsSecret &&
    gatewayProtocol(listener) === gatewayProtocol(before);
  if (same) return [];
  const message =
    listener.port === before.port
      ? `App Mesh has one protocol and one certificate for the port ${listener.port} of a gateway`
      : `the gateway's proxies listen on ${podPort(listener.port)} for the ports ${before.port} and ${listener.port} both`;
  return [
    errorAt(listener.at, {
      code: "unsupported-listener",
      message,
      hint: "use another port, or one certificate for all hosts",
    }),
  ];
}

/** Requests go on in the protocol in which they came. */
function ruleFaults(rule: GatewayRule, site: Site): Diagnostic[] {
  const spoken = rule.kind;
  const wrong = rule.rule.backends.filter((b) => (protocolOf(b, site) ?? spoken) !== spoken);
  const methods = site.options.form === "api" && rule.kind === "http" ? rule.rule.matches : [];
  return [
    ...wrong.map((b) =>
      errorAt(b.at, {
        code: "unsupported-protocol-change",
        message: `App Mesh's gateways send ${spoken} on as ${spoken}, and this port of ${b.service} has the protocol ${protocolOf(b, site)}`,
        hint: `give the port the protocol ${spoken}`,
      }),
    ),
    ...callFaults(rule),
    ...methods
      .filter((m) => m.method !== undefined)
      .map((m) =>
        errorAt([...m.at, "method"], {
          code: "unsupported-method",
          message: "Pulumi's resource for routes of App Mesh's gateways has no method",
          hint: "match the method in a route of the service",
        }),
      ),
  ];
}

/** A listener of App Mesh speaks HTTP or gRPC, and has routes of that kind only. */
function mixtureFaults({ listeners }: Gateway, rules: readonly GatewayRule[]): Diagnostic[] {
  const routes = new Map(rules.map((rule) => [rule.route, rule]));
  return [...routes.values()].flatMap(({ kind, route }) => {
    const other = listeners.find(
      (l) =>
        gatewayProtocol(l) !== kind && hostsOf({ route }).some((h) => l.hosts.some((own) => overlap(h, own))),
    );
    if (other === undefined) return [];
    return [
      errorAt([...route.at, "for"], {
        code: "unsupported-route-kind",
        message: `the listener on ${other.port} has the protocol ${other.protocol}, which App Mesh has no ${kind} routes for`,
        hint: "give HTTP and gRPC hosts of their own",
      }),
    ];
  });
}

/** Gateways tell gRPC calls by service, not by method. */
function callFaults({ kind, rule }: GatewayRule): Diagnostic[] {
  if (kind !== "grpc") return [];
  return rule.matches
    .filter((m) => m.method !== undefined)
    .map((m) =>
      errorAt([...m.at, "method"], {
        code: "unsupported-method",
        message: "App Mesh's gateways match gRPC calls by their service, not by their method",
        hint: "match the method in a route of the service",
      }),
    );
}

/**
 * Requests for a host are its own routes' business alone. App Mesh would go on to those of a wildcard around it where
 * none of the host's own matches, so one of them must match everything.
 */
function hostFaults(rules: readonly GatewayRule[]): Diagnostic[] {
  const hosts = [...new Set(rules.flatMap(hostsOf))];
  return hosts.flatMap((host) => {
    const around = hosts.find((other) => other !== host && hostWithin(host, other));
    const own = rules.filter((rule) => hostsOf(rule).includes(host));
    const [first] = own;
    if (around === undefined || first === undefined || own.some(matchesEverything)) return [];
    return [
      errorAt([...first.route.at, "for", "hosts"], {
        code: "unsupported-host-overlap",
        message: `in App Mesh, requests for ${host} that none of its rules matches would go on to the rules for ${around}`,
        hint: `add a rule for ${host} that matches everything, or name other hosts`,
      }),
    ];
  });
}

function hostsOf({ route }: Pick<GatewayRule, "route">): readonly string[] {
  const { for: target } = route;
  return target.kind === "gateway" ? target.hosts : [];
}

function matchesEverything(rule: GatewayRule): boolean {
  if (rule.kind === "grpc") {
    return rule.rule.matches.some(
      (m) => m.service === undefined && m.method === undefined && m.headers.length === 0,
    );
  }
  return rule.rule.matches.some(
    ({ path, method, headers, query, cookies }) =>
      path.kind === "prefix" &&
      path.value === "/" &&
      method === undefined &&
      headers.length + query.length + cookies.length === 0,
  );
}

function overlap(a: string, b: string): boolean {
  return hostWithin(a, b) || hostWithin(b, a);
}
