import { formatDuration, formatPath, groupBy, present } from "../../lib";
import type { Intent } from "../intent";
import { contentText } from "../intent/order";
import type {
  Access,
  Caller,
  CertificateAuthority,
  ExternalAuthorization,
  Gateway,
  JwtProvider,
  LoadBalancing,
  NormalizedIntent,
  Operation,
  Rollout,
  Service,
  ServiceTraffic,
} from "../intent/types";
import { duration, writeRoute } from "./write-routes";

type Mtls = NonNullable<Intent["mtls"]>;

/**
 * The intent as a file writes it: `parseIntent` of it is the same intent again. What holds by default is left out,
 * except the modes of mTLS and authorization, which a reader should not have to know.
 */
export function writeIntent(intent: NormalizedIntent): Intent {
  const { services, routes, access, jwtProviders, externalAuthorization, gateways, rollouts, degrade } =
    intent;
  return {
    mtls: writeMtls(intent),
    authorization: { default: intent.authorization.default },
    ...(services.length === 0 ? {} : { services: keyed(services, (s) => [s.key, writeService(s)]) }),
    ...(gateways.length === 0 ? {} : { gateways: keyed(gateways, (g) => [g.name, writeGateway(g)]) }),
    ...(routes.length === 0 ? {} : { routes: routes.map(writeRoute) }),
    ...(access.length === 0 ? {} : { access: access.map(writeAccess) }),
    ...(jwtProviders.length === 0 ? {} : { jwtProviders: keyed(jwtProviders, (p) => [p.name, writeJwt(p)]) }),
    ...(externalAuthorization.length === 0
      ? {}
      : { externalAuthorization: externalAuthorization.map(writeExternalAuthorization) }),
    ...writeSurroundings(intent),
    ...(rollouts.length === 0 ? {} : { rollouts: rollouts.map(writeRollout) }),
    ...(degrade.length === 0
      ? {}
      : {
          degrade: degrade.map(({ capability, where, reason }) => ({
            capability,
            at: formatPath(where),
            reason,
          })),
        }),
  };
}

function keyed<T, W>(items: readonly T[], entry: (item: T) => readonly [string, W]): { [key: string]: W } {
  return Object.fromEntries(items.map(entry));
}

function writeMtls({ mtls: { mode, trustDomain, overrides, ca } }: NormalizedIntent): Mtls {
  return {
    mode,
    ...(trustDomain === "cluster.local" ? {} : { trustDomain }),
    ...(overrides.length === 0
      ? {}
      : {
          overrides: overrides.map(({ namespace, service, port, mode: exception, until }) => ({
            ...present({ namespace, service, port }),
            mode: exception,
            ...present({ until }),
          })),
        }),
    ...(ca.kind === "mesh" ? {} : { ca: JSON.parse(contentText(ca)) as CertificateAuthority }),
  };
}

function writeService(service: Service) {
  const { name, serviceAccount, sharesServiceAccount, selector, ports, versions, workloads, clusters } =
    service;
  const labels = Object.entries(selector);
  const usual = labels.length === 1 && selector["app"] === name;
  const traffic = writeTraffic(service.traffic);
  return {
    serviceAccount,
    ...(sharesServiceAccount ? { sharesServiceAccount } : {}),
    ...(usual ? {} : { selector: { ...selector } }),
    ports: ports.map(({ port, targetPort, protocol }) => ({
      port,
      ...(targetPort === port ? {} : { targetPort }),
      protocol,
    })),
    ...(versions.length === 0
      ? {}
      : { versions: keyed(versions, (v) => [v.name, { labels: { ...v.labels } }]) }),
    ...(workloads === "kubernetes" ? {} : { workloads }),
    ...(clusters.length === 0 ? {} : { clusters: [...clusters] }),
    ...(Object.keys(traffic).length === 0 ? {} : { traffic }),
  };
}

function writeTraffic(traffic: ServiceTraffic) {
  const { healthCheck, outlierDetection, connectionLimits, loadBalancing, locality, rateLimits } = traffic;
  return {
    ...present({
      healthCheck: healthCheck && {
        path: healthCheck.path,
        interval: formatDuration(healthCheck.intervalMs),
        timeout: formatDuration(healthCheck.timeoutMs),
      },
      outlierDetection: outlierDetection && {
        consecutive5xx: outlierDetection.consecutive5xx,
        interval: formatDuration(outlierDetection.intervalMs),
        baseEjectionTime: formatDuration(outlierDetection.baseEjectionTimeMs),
        maxEjectionPercent: outlierDetection.maxEjectionPercent,
      },
      connectionLimits: connectionLimits && { ...connectionLimits },
      loadBalancing: loadBalancing && writeLoadBalancing(loadBalancing),
      locality: locality && {
        ...present({ prefer: locality.prefer }),
        ...(locality.failover.length === 0 ? {} : { failover: locality.failover.map((f) => ({ ...f })) }),
      },
    }),
    ...(rateLimits.length === 0
      ? {}
      : {
          rateLimit: rateLimits.map(({ requests, perMs, by, scope }) => ({
            requests,
            per: formatDuration(perMs),
            by,
            scope,
          })),
        }),
  };
}

function writeLoadBalancing(balancing: LoadBalancing) {
  if (balancing.kind !== "consistentHash") return { kind: balancing.kind };
  const { by } = balancing;
  const key = by.kind === "sourceIp" ? { sourceIp: true as const } : { [by.kind]: by.name };
  return { kind: "consistentHash" as const, ...key };
}

function writeGateway({ exposure, listeners }: Gateway) {
  return {
    exposure,
    listeners: listeners.map(({ port, protocol, hosts, tlsSecret }) => ({
      port,
      protocol,
      hosts: [...hosts],
      ...(tlsSecret === undefined ? {} : { tls: { secret: tlsSecret } }),
    })),
  };
}

function writeAccess({ to, action, from, operations, jwt }: Access) {
  const claims = jwt?.claims ?? [];
  return {
    to: { service: to.service, ...(to.ports.length === 0 ? {} : { ports: [...to.ports] }) },
    action,
    ...(from.length === 0 ? {} : { from: from.map(writeCaller) }),
    ...writeOperations(operations),
    ...(jwt === undefined
      ? {}
      : {
          jwt: {
            provider: jwt.provider,
            ...(claims.length === 0 ? {} : { claims: keyed(claims, (c) => [c.name, [...c.values]]) }),
          },
        }),
  };
}

function writeCaller(caller: Caller) {
  switch (caller.kind) {
    case "service":
      return { service: caller.service };
    case "gateway":
      return { gateway: caller.gateway };
    case "namespace":
      return { namespace: caller.namespace };
    case "principal":
      return { principal: caller.principal };
    case "ipBlocks":
      return { ipBlocks: [...caller.blocks] };
  }
}

function writeOperations(operations: readonly Operation[]) {
  if (operations.length === 0) return {};
  return {
    operations: operations.map(({ methods, paths }) => ({
      ...(methods.length === 0 ? {} : { methods: [...methods] }),
      ...(paths.length === 0 ? {} : { paths: [...paths] }),
    })),
  };
}

function writeJwt({ issuer, jwksUri, jwks, audiences, forward }: JwtProvider) {
  return {
    issuer,
    ...present({ jwksUri, jwks }),
    ...(audiences.length === 0 ? {} : { audiences: [...audiences] }),
    forward,
  };
}

function writeExternalAuthorization(external: ExternalAuthorization) {
  const { name, service, port, protocol, timeoutMs, failOpen, to } = external;
  return {
    name,
    service,
    ...present({ port }),
    protocol,
    timeout: formatDuration(timeoutMs),
    failOpen,
    to: to.map((whose) => ({ service: whose.service, ...writeOperations(whose.operations) })),
  };
}

function writeSurroundings({ egress, telemetry, federation, raw }: NormalizedIntent) {
  return present({
    egress: egress && {
      default: egress.default,
      ...(egress.external.length === 0
        ? {}
        : {
            external: keyed(egress.external, ({ name, hosts, ports }) => [
              name,
              { hosts: [...hosts], ports: ports.map((p) => ({ ...p })) },
            ]),
          }),
    },
    telemetry: telemetry && {
      ...present({
        tracing: telemetry.tracing && { ...telemetry.tracing },
        accessLogs: telemetry.accessLogs,
      }),
      metrics: telemetry.metrics,
    },
    federation: federation && {
      trust: federation.trust,
      clusters: keyed(federation.clusters, (c) => [c, {}]),
    },
    raw:
      raw.length === 0
        ? undefined
        : Object.fromEntries(
            [...groupBy(raw, (r) => r.mesh)].map(([mesh, all]) => [mesh, all.map((r) => r.object)]),
          ),
  });
}

function writeRollout({ service, from, to, strategy, success }: Rollout) {
  const { successRatePercent: successRate, p99Ms } = success;
  const shared = { service, from, to, success: present({ successRate, p99: duration(p99Ms) }) };
  if (strategy.kind === "blueGreen") return { ...shared, strategy: "blueGreen" as const };
  return {
    ...shared,
    strategy: "canary" as const,
    steps: [...strategy.steps],
    interval: formatDuration(strategy.intervalMs),
  };
}
