import type { JsonObject } from "../../../lib";
import type { Service, Telemetry } from "../../intent/types";
import { kubeObject } from "../../plan/objects";
import type { KubeObject } from "../../plan/types";
import { clusterHost, TRACING_PROVIDER } from "./names";
import { heldBy } from "./security/objects";
import type { Site } from "./site";

/** Istio's own name for a log on the proxies' standard output. */
const LOG = { providers: [{ name: "envoy" }] };
/** Parts that a request or connection does not have make their part false. */
const ERRORS = "response.code >= 400 || response.grpc_status > 0 || response.flags > 0";
/** What an AUDIT policy leaves on what it matches. */
const AUDITED = "metadata.filter_metadata['envoy.common']['access_log_hint']";

/** What the proxies report: for the whole mesh, and for services whose audited requests must be logged. */
export function telemetryObjects(site: Site): KubeObject[] {
  const { telemetry } = site.intent;
  return [...(telemetry === undefined ? [] : meshTelemetry(telemetry, site)), ...auditLogs(site)];
}

function meshTelemetry(telemetry: Telemetry, site: Site): KubeObject[] {
  const { tracing, accessLogs, metrics } = telemetry;
  const spec: JsonObject = {
    ...(tracing === undefined
      ? {}
      : {
          tracing: [
            {
              ...(tracing.endpoint === undefined ? {} : { providers: [{ name: TRACING_PROVIDER }] }),
              randomSamplingPercentage: tracing.samplingPercent,
            },
          ],
        }),
    ...(accessLogs === undefined ? {} : { accessLogging: [logOf(accessLogs)] }),
    ...(metrics ? {} : { metrics: [{ overrides: [{ match: { metric: "ALL_METRICS" }, disabled: true }] }] }),
  };
  return Object.keys(spec).length === 0
    ? []
    : [object({ name: "mesh-default", namespace: site.rootNamespace, spec })];
}

function logOf(accessLogs: "off" | "errors" | "all"): JsonObject {
  switch (accessLogs) {
    case "off":
      return { ...LOG, disabled: true };
    case "errors":
      return { ...LOG, filter: { expression: ERRORS } };
    case "all":
      return LOG;
  }
}

/** Audit policies only mark requests; the log of the service's proxies is where that is seen. */
function auditLogs(site: Site): KubeObject[] {
  const { intent } = site;
  const logged = intent.telemetry?.accessLogs;
  if (logged === "all") return [];
  const audited = new Set(intent.access.filter((a) => a.action === "audit").map((a) => a.to.service));
  const expression = logged === "errors" ? `${ERRORS} || ${AUDITED}` : AUDITED;
  return intent.services
    .filter((s) => audited.has(s.key))
    .map((service: Service) =>
      object({
        name: `${service.name}-audit`,
        namespace: service.namespace,
        spec: {
          ...heldBy(service, site),
          accessLogging: [{ ...LOG, disabled: false, match: { mode: "SERVER" }, filter: { expression } }],
        },
      }),
    );
}

function object({
  name,
  namespace,
  spec,
}: {
  name: string;
  namespace: string;
  spec: JsonObject;
}): KubeObject {
  return kubeObject({ apiVersion: "telemetry.istio.io/v1", kind: "Telemetry", name, namespace, spec });
}

/** Where spans go, as the registry knows it. */
export function collectorOf({
  intent,
}: Site): { readonly service: string; readonly port: number } | undefined {
  const endpoint = intent.telemetry?.tracing?.endpoint;
  if (endpoint === undefined) return undefined;
  const colon = endpoint.lastIndexOf(":");
  return { service: clusterHost(endpoint.slice(0, colon)), port: Number(endpoint.slice(colon + 1)) };
}
