import type { ClusterFeatures } from "../mesh/types";
import type { OptionReader } from "./options";

/** What an ordinary cluster of today offers: the mesh's own images run, Services of type LoadBalancer get addresses. */
const ordinary: ClusterFeatures = {
  kubernetesVersion: "1.33.0",
  proxy: "mesh",
  webhooks: { kind: "service" },
  loadBalancer: true,
  gatewayApi: { owner: "us" },
  netAdmin: true,
};

const VERSION = /^v?(\d+\.\d+\.\d+)$/;

/** Reads what a user says a cluster offers. What is not said is what an ordinary cluster offers. */
export function readFeatures(options: OptionReader): ClusterFeatures {
  const section = options.section("features", [
    "kubernetesVersion",
    "proxy",
    "loadBalancer",
    "internalLoadBalancer",
    "gatewayApi",
    "managedMesh",
    "netAdmin",
  ]);
  const gatewayApi = section.section("gatewayApi", ["owner", "version"]);
  const version = gatewayApi.string("version");
  const internalLoadBalancer = section.strings("internalLoadBalancer");
  const managedMesh = section.string("managedMesh");
  return {
    kubernetesVersion: readVersion(section) ?? ordinary.kubernetesVersion,
    proxy: section.oneOf("proxy", ["mesh", "stock", "none"]) ?? ordinary.proxy,
    webhooks: ordinary.webhooks,
    loadBalancer: section.boolean("loadBalancer") ?? ordinary.loadBalancer,
    ...(internalLoadBalancer === undefined ? {} : { internalLoadBalancer }),
    gatewayApi: {
      owner: gatewayApi.oneOf("owner", ["cluster", "us", "none"]) ?? ordinary.gatewayApi.owner,
      ...(version === undefined ? {} : { version }),
    },
    ...(managedMesh === undefined ? {} : { managedMesh }),
    netAdmin: section.boolean("netAdmin") ?? ordinary.netAdmin,
  };
}

function readVersion(section: OptionReader): string | undefined {
  const written = section.string("kubernetesVersion");
  if (written === undefined) return undefined;
  const version = VERSION.exec(written)?.[1];
  if (version === undefined) {
    section.fault(["kubernetesVersion"], {
      code: "bad-version",
      message: `${JSON.stringify(written)} is not a Kubernetes version`,
      hint: `write all three numbers, as in "${ordinary.kubernetesVersion}"`,
    });
  }
  return version;
}
