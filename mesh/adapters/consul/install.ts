import { present, type JsonObject } from "../../../lib";
import type { CertificateAuthority } from "../../intent/types";
import type { Step } from "../../plan/types";
import { CONSUL_NAMESPACE, INJECTION_LABEL, TERMINATING_GATEWAY } from "./names";
import type { Site } from "./site";
import type { ConsulOptions, Resources } from "./options";

/**
 * The chart as one release. It makes its certificates, keys and tokens in hooks, so that it has to be run as Helm runs
 * charts; rendering it leaves them out.
 */
export function installStep(site: Site): Step {
  const { version, charts: source } = site.options;
  const chart = { chart: "consul", version, source, release: "consul", namespace: CONSUL_NAMESPACE };
  const action = { kind: "chart" as const, chart: { ...chart, values: values(site) } };
  return { id: "consul", dependsOn: ["namespaces"], readiness: "ready", do: action };
}

function values(site: Site): JsonObject {
  const { intent, options } = site;
  const metrics = intent.telemetry?.metrics === true;
  return {
    global: globalValues(options, metrics),
    server: serverValues(site),
    connectInject: injectValues(options, metrics),
    ui: { enabled: false },
    ...(needsTerminatingGateway(site) ? { terminatingGateways: terminatingValues(options) } : {}),
  };
}

function globalValues(options: ConsulOptions, metrics: boolean): JsonObject {
  const { consul, controlPlane, dataplane, pullSecrets } = options.images;
  return {
    name: "consul",
    datacenter: options.datacenter,
    ...present({ image: consul, imageK8S: controlPlane, imageConsulDataplane: dataplane }),
    ...(pullSecrets.length === 0 ? {} : { imagePullSecrets: pullSecrets.map((name) => ({ name })) }),
    tls: { enabled: true },
    gossipEncryption: { autoGenerate: true },
    acls: { manageSystemACLs: options.acls },
    metrics: { enabled: metrics },
  };
}

function serverValues({ intent, options }: Site): JsonObject {
  return {
    replicas: options.servers,
    resources: limited(options.resources.controlPlane),
    extraConfig: JSON.stringify(agentConfig(intent.mtls.ca)),
  };
}

/**
 * What every server must have in its configuration, wherever it runs. Intentions are denied by default whatever the
 * ACLs say: a token that an intention asks for is only looked at where everything else is denied.
 */
export function agentConfig(ca: CertificateAuthority): JsonObject {
  const connect = caConfig(ca);
  return {
    default_intention_policy: "deny",
    ...(connect === undefined ? {} : { connect: { enabled: true, ...connect } }),
  };
}

function caConfig(ca: CertificateAuthority): JsonObject | undefined {
  switch (ca.kind) {
    case "vault":
      return {
        ca_provider: "vault",
        ca_config: {
          address: ca.address,
          root_pki_path: ca.path,
          // Consul makes and rotates an intermediate of its own beside the root.
          intermediate_pki_path: `${ca.path}_intermediate`,
          auth_method: { type: "kubernetes", mount_path: "kubernetes", params: { role: ca.role } },
        },
      };
    case "aws-pca":
      return { ca_provider: "aws-pca", ca_config: { existing_arn: ca.arn } };
    default:
      return undefined;
  }
}

function injectValues(options: ConsulOptions, metrics: boolean): JsonObject {
  const [label = "", value = ""] = Object.entries(INJECTION_LABEL)[0] ?? [];
  return {
    enabled: true,
    replicas: options.profile === "ha" ? 2 : 1,
    // Every pod of the namespaces that are labelled, so that none is left out by mistake.
    default: true,
    namespaceSelector: `matchLabels:\n  ${label}: ${value}\n`,
    cni: { enabled: options.cni },
    metrics: { defaultEnabled: metrics },
    sidecarProxy: { resources: resourceValues(options.resources.proxy) },
    // The Gateway API's CRDs have one owner in a cluster, which is not this chart.
    apiGateway: { manageExternalCRDs: false, manageNonStandardCRDs: true },
  };
}

function needsTerminatingGateway({ intent }: Site): boolean {
  return (intent.egress?.external.length ?? 0) > 0;
}

function terminatingValues(options: ConsulOptions): JsonObject {
  return {
    enabled: true,
    defaults: {
      replicas: options.profile === "ha" ? 2 : 1,
      resources: limited(options.resources.gateway),
    },
    gateways: [{ name: TERMINATING_GATEWAY }],
  };
}

/** Without the entries that were left out, which the chart fills with its own. */
export function resourceValues({ requests, limits }: Resources): JsonObject {
  return present({ requests: requests && present(requests), limits: limits && present(limits) });
}

/** The chart limits what it sizes itself: a request above its limit would be no valid pod. */
function limited({ requests = {}, limits = {} }: Resources): JsonObject {
  const bounds = { cpu: limits.cpu ?? requests.cpu, memory: limits.memory ?? requests.memory };
  return resourceValues({ requests, limits: bounds });
}
