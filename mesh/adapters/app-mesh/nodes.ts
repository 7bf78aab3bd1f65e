import { byText, type JsonObject } from "../../../lib";
import type { Service, ServicePort, ServiceVersion } from "../../intent/types";
import { externals, type ExternalHost } from "./egress";
import type { NodeModel, Spelling } from "./model";
import { headlessName, hostOf, nodePlace } from "./names";
import { duration, listenerProtocol } from "./protocols";
import type { Site } from "./site";
import { clientPolicy, listenerTls } from "./tls";

interface Input {
  readonly site: Site;
  readonly spelling: Spelling;
}

/**
 * A node for each version of a service, and one for the whole service. Pods may belong to one node only: where there
 * are versions they belong to those, and the node of the whole only stands for all their addresses.
 */
export function serviceNodes(service: Service, input: Input): NodeModel[] {
  const { versions, selector } = service;
  const whole: NodeModel = {
    ...nodePlace(service),
    ...(versions.length === 0 ? { pods: selector } : {}),
    spec: nodeSpec(service, { ...input, runs: versions.length === 0 }),
  };
  return [
    whole,
    ...versions.map((version) => ({
      ...nodePlace(service, version.name),
      pods: { ...selector, ...version.labels },
      spec: nodeSpec(service, { ...input, version, runs: true }),
    })),
  ];
}

interface NodeInput extends Input {
  readonly version?: ServiceVersion;
  /** Workloads run as this node, so that it has callers of its own. */
  readonly runs: boolean;
}

function nodeSpec(service: Service, { site, spelling, version, runs }: NodeInput): JsonObject {
  const logged = site.intent.telemetry?.accessLogs === "all";
  const backends = runs ? backendsOf(service, { site, spelling }) : [];
  return {
    listeners: podPorts(service).map((port) => listener(service, { port, site, spelling })),
    serviceDiscovery: discovery(service, { site, version }),
    ...(backends.length === 0 ? {} : { backends }),
    ...(logged ? { logging: { accessLog: { file: { path: "/dev/stdout" } } } } : {}),
  };
}

/** A service's ports, each port of its pods once. */
export function podPorts({ ports }: Service): ServicePort[] {
  return ports.filter((p, i) => ports.findIndex((other) => other.targetPort === p.targetPort) === i);
}

function listener(
  service: Service,
  { port, site, spelling }: { port: ServicePort; site: Site; spelling: Spelling },
): JsonObject {
  const protocol = listenerProtocol(port.protocol);
  const { healthCheck, outlierDetection, connectionLimits } = service.traffic;
  const { maxConnections, maxPendingRequests, maxRequests } = connectionLimits ?? {};
  const limits = {
    http: { maxConnections, maxPendingRequests },
    http2: { maxRequests },
    grpc: { maxRequests },
    tcp: { maxConnections },
  }[protocol];
  const set = Object.fromEntries(
    Object.entries(limits).filter(([, value]) => value !== undefined),
  ) as JsonObject;
  return {
    portMapping: { port: port.targetPort, protocol },
    ...listenerTls(service, { port: port.port, site, spelling }),
    // App Mesh cuts requests off after 15 seconds; how long they may take is the routes' business.
    ...(protocol === "tcp" ? {} : { timeout: { [protocol]: { perRequest: duration(0) } } }),
    ...(healthCheck === undefined || protocol === "tcp" ? {} : { healthCheck: probe(protocol, healthCheck) }),
    ...(outlierDetection === undefined
      ? {}
      : {
          outlierDetection: {
            maxServerErrors: outlierDetection.consecutive5xx,
            interval: duration(outlierDetection.intervalMs),
            baseEjectionDuration: duration(outlierDetection.baseEjectionTimeMs),
            maxEjectionPercent: outlierDetection.maxEjectionPercent,
          },
        }),
    ...(Object.keys(set).length === 0 ? {} : { connectionPool: spelling.pool(protocol, set) }),
  };
}

function probe(
  protocol: "http" | "http2" | "grpc",
  { path, intervalMs, timeoutMs }: { path: string; intervalMs: number; timeoutMs: number },
): JsonObject {
  return {
    // gRPC's own health checks have no path; plain requests over HTTP/2 do.
    protocol: protocol === "grpc" ? "http2" : protocol,
    path,
    intervalMillis: intervalMs,
    timeoutMillis: timeoutMs,
    healthyThreshold: 2,
    unhealthyThreshold: 2,
  };
}

function discovery(
  service: Service,
  { site, version }: { site: Site; version: ServiceVersion | undefined },
): JsonObject {
  const { options } = site;
  const { namespace, name } = service;
  if (service.workloads === "kubernetes") {
    const hostname = `${headlessName(service, version)}.${namespace}.svc.cluster.local`;
    return { dns: { hostname, responseType: "ENDPOINTS" } };
  }
  if (options.discovery?.kind === "cloudMap") {
    return {
      awsCloudMap: {
        namespaceName: options.discovery.namespace,
        serviceName: `${name}.${namespace}`,
        ...(version === undefined ? {} : { attributes: version.labels }),
      },
    };
  }
  const { name: node } = nodePlace(service, version?.name);
  const domain = options.discovery?.domain ?? "";
  return { dns: { hostname: `${node}.${namespace}.${domain}`, responseType: "ENDPOINTS" } };
}

/** Everything that a service may call: what its entry in `calls` names, or all. */
function backendsOf(service: Service, { site, spelling }: Input): JsonObject[] {
  const called = callees(service, site).map((callee) => ({
    virtualService: {
      ...spelling.service({ ...nodePlace(callee), host: hostOf(callee, site.options) }),
      ...clientPolicy(service, { service: callee, site, spelling }),
    },
  }));
  const outside = externals(site).map((external: ExternalHost) => ({
    virtualService: spelling.service(external),
  }));
  return [...called, ...outside];
}

/** The services that one calls, itself among them unless its entry in `calls` says otherwise. */
export function callees({ key }: Service, { intent, options, lookup }: Site): readonly Service[] {
  const listed = options.calls[key];
  if (listed === undefined) return intent.services;
  return [...new Set(listed)].sort(byText).flatMap((called) => lookup.service(called) ?? []);
}
