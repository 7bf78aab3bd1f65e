import type { JsonObject } from "../../../lib";
import type { Service } from "../../intent/types";
import type { KubeObject } from "../../plan/types";
import { anyPermissive, byDefault, modeOf } from "./mtls";
import { CONSUL_NAMESPACE, consulName, entry } from "./names";
import type { Site } from "./site";
import { protocolOf } from "./protocol";
import { authorizers } from "./security/external-authorization";
import { accessLogs, tracing } from "./telemetry";
import { upstreamsOf, type Upstreams } from "./upstreams";

/** What holds for all proxies, and for each service: its protocol above all, which routes and permissions need. */
export function defaults(site: Site): KubeObject[] {
  const upstreams = upstreamsOf(site);
  return [
    mesh(site),
    proxyDefaults(site),
    ...site.intent.services.map((service) => serviceDefaults(service, upstreams, site)),
  ];
}

function mesh({ intent, options }: Site): KubeObject {
  const byPath = intent.access.some((a) => a.operations.some((o) => o.paths.length > 0));
  const egress = intent.egress?.default;
  return entry("Mesh", {
    name: "mesh",
    namespace: CONSUL_NAMESPACE,
    spec: {
      tls: { incoming: { tlsMinVersion: "TLSv1_2" }, outgoing: { tlsMinVersion: "TLSv1_2" } },
      ...(anyPermissive(intent) ? { allowEnablingPermissiveMutualTLS: true } : {}),
      ...(egress === undefined || options.platform === "agents"
        ? {}
        : { transparentProxy: { meshDestinationsOnly: egress === "deny" } }),
      // A path that is spelled in another way must not slip past what access says of it.
      ...(byPath ? { http: { incoming: { requestNormalization: NORMAL_PATHS } } } : {}),
    },
  });
}

const NORMAL_PATHS: JsonObject = { mergeSlashes: true, pathWithEscapedSlashesAction: "UNESCAPE_AND_FORWARD" };

function proxyDefaults({ intent }: Site): KubeObject {
  const mode = byDefault(intent);
  return entry("ProxyDefaults", {
    name: "global",
    namespace: CONSUL_NAMESPACE,
    spec: {
      // Timeouts are the callers' business: the proxy beside a service would end every request after 15 s.
      config: { local_request_timeout_ms: 0, ...tracing(intent) },
      ...(mode === "permissive" ? { mutualTLSMode: mode } : {}),
      ...accessLogs(intent),
    },
  });
}

function serviceDefaults(service: Service, { common, overrides: all }: Upstreams, site: Site): KubeObject {
  const overrides = all.get(service.key) ?? [];
  const upstreamConfig = {
    ...(common === undefined ? {} : { defaults: common }),
    ...(overrides.length === 0 ? {} : { overrides }),
  };
  const mode = modeOf(service, site.intent);
  const extensions = authorizers(service, site);
  return entry("ServiceDefaults", {
    name: consulName(service),
    namespace: service.namespace,
    spec: {
      ...(extensions.length === 0 ? {} : { envoyExtensions: extensions }),
      ...(mode === byDefault(site.intent) ? {} : { mutualTLSMode: mode }),
      protocol: protocolOf(service),
      ...(Object.keys(upstreamConfig).length === 0 ? {} : { upstreamConfig }),
    },
  });
}
