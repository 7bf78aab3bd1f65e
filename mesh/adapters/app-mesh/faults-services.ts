import { errorAt, type Diagnostic, type FieldPath, type Finding } from "../../../lib";
import type { Service, ServicePort } from "../../intent/types";
import { CONTROLLER_NAMESPACE, EGRESS_NAMESPACE, nodePlace } from "./names";
import { listenerProtocol, type ListenerProtocol } from "./protocols";
import type { Site } from "./site";

const TAKEN = [
  "default",
  "kube-system",
  "kube-public",
  "kube-node-lease",
  CONTROLLER_NAMESPACE,
  EGRESS_NAMESPACE,
];

/** What App Mesh cannot do for single services. */
export function serviceFaults(site: Site): Diagnostic[] {
  const { services } = site.intent;
  return [
    ...services.flatMap((s) => [
      ...limitFaults(s),
      ...probeFaults(s),
      ...sharedPortFaults(s),
      ...namespaceFaults(s, site),
    ]),
    ...nameFaults(services),
    ...tracingFaults(site),
  ];
}

/** Which limits App Mesh has for a protocol. */
const LIMITS: Readonly<Record<ListenerProtocol, readonly string[]>> = {
  http: ["maxConnections", "maxPendingRequests"],
  http2: ["maxRequests"],
  grpc: ["maxRequests"],
  tcp: ["maxConnections"],
};

function limitFaults({ ports, traffic, at }: Service): Diagnostic[] {
  const { connectionLimits } = traffic;
  if (connectionLimits === undefined) return [];
  const path = [...at, "traffic", "connectionLimits"];
  const set = Object.keys(connectionLimits);
  const protocols = [...new Set(ports.map((p) => listenerProtocol(p.protocol)))];
  const lacking = protocols.flatMap((protocol) =>
    set
      .filter((limit) => !LIMITS[protocol].includes(limit))
      .map((limit) =>
        limitFault(
          [...path, limit],
          `App Mesh has no ${limit} for ports of the protocol ${protocol}`,
          protocol,
        ),
      ),
  );
  const alone =
    protocols.includes("http") &&
    connectionLimits.maxPendingRequests !== undefined &&
    connectionLimits.maxConnections === undefined;
  const without = "App Mesh limits pending requests only together with connections";
  return [...lacking, ...(alone ? [limitFault(path, without, "http")] : [])];
}

function limitFault(path: FieldPath, message: string, protocol: ListenerProtocol): Diagnostic {
  const hint = `for ${protocol} it has ${LIMITS[protocol].join(" and ")}`;
  return errorAt(path, { code: "unsupported-connection-limit", message, hint });
}

function probeFaults({ traffic, at }: Service): Diagnostic[] {
  const { healthCheck } = traffic;
  if (healthCheck === undefined) return [];
  const path = [...at, "traffic", "healthCheck"];
  const { intervalMs, timeoutMs } = healthCheck;
  return [
    ...(intervalMs < 5000 || intervalMs > 300_000
      ? [errorAt([...path, "interval"], outOf("App Mesh probes every 5 s to 300 s"))]
      : []),
    ...(timeoutMs < 2000 || timeoutMs > 60_000
      ? [errorAt([...path, "timeout"], outOf("App Mesh's probes may take 2 s to 60 s"))]
      : []),
  ];
}

function outOf(message: string): Finding {
  return { code: "unsupported-health-check", message, hint: "choose a time within these bounds" };
}

/** Ports of a Service that lead to one port of the pods have one listener there. */
function sharedPortFaults({ key, ports, at }: Service): Diagnostic[] {
  const differs = (a: ServicePort, b: ServicePort): boolean =>
    a.targetPort === b.targetPort && listenerProtocol(a.protocol) !== listenerProtocol(b.protocol);
  const clash = ports.find((port, i) => ports.slice(0, i).some((other) => differs(port, other)));
  if (clash === undefined) return [];
  return [
    errorAt([...at, "ports"], {
      code: "unsupported-shared-port",
      message: `the pods' port ${clash.targetPort} of ${key} has two protocols, and App Mesh listens with one`,
      hint: "give them one protocol, or different target ports",
    }),
  ];
}

function namespaceFaults({ key, namespace, workloads, at }: Service, { options }: Site): Diagnostic[] {
  if (workloads !== "kubernetes" || !options.createNamespaces || !TAKEN.includes(namespace)) return [];
  return [
    errorAt(at, {
      code: "namespace-taken",
      message: `the namespace ${namespace} of service ${key} is not ours to make`,
      hint: "move the service, or set namespaces: { create: false } in the mesh's options and label its namespaces yourself",
    }),
  ];
}

/** A version's node has a name that another service may have as well. */
function nameFaults(services: readonly Service[]): Diagnostic[] {
  const taken = new Set(services.map((s) => s.key));
  return services.flatMap((service) =>
    service.versions
      .filter(({ name }) => taken.has(`${service.namespace}/${nodePlace(service, name).name}`))
      .map(({ name, at }) =>
        errorAt(at, {
          code: "name-clash",
          message: `the node of version ${name} of ${service.key} would be called like the service ${nodePlace(service, name).name}`,
          hint: "rename the version or the service",
        }),
      ),
  );
}

function tracingFaults({ intent }: Site): Diagnostic[] {
  if (intent.telemetry?.tracing?.endpoint === undefined) return [];
  return [
    errorAt([...intent.telemetry.at, "tracing", "endpoint"], {
      code: "unsupported-collector",
      message: "App Mesh's proxies send spans to AWS X-Ray, not to a collector of OpenTelemetry",
      hint: "leave the endpoint out",
    }),
  ];
}
