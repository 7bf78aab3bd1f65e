// Files that come with a tool's module and are used as they are.
import type { AssetSpec } from "./spec";

const ISTIO = {
  goModule: "tools",
  module: "istio.io/istio",
  moduleVersion: "v0.0.0-20260827124520-eed52ebb66ad",
  version: "1.31-dev",
} as const;

const ISTIO_RELEASE = "https://github.com/istio/istio/releases/download/1.31.0";

export const assets: readonly AssetSpec[] = [
  {
    ...ISTIO,
    name: "istio-charts",
    folder: "charts/istio/1.31-dev-eed52ebb66ad",
    files: {
      base: "manifests/charts/base",
      istiod: "manifests/charts/istio-control/istio-discovery",
      cni: "manifests/charts/istio-cni",
      ztunnel: "manifests/charts/ztunnel",
      gateway: "manifests/charts/gateway",
    },
    // The charts are the same in every platform's archive.
    download: {
      source: {
        kind: "download",
        platforms: {
          "linux-amd64": "linux-amd64",
          "linux-arm64": "linux-arm64",
          "darwin-amd64": "osx-amd64",
          "darwin-arm64": "osx-arm64",
        },
        url: `${ISTIO_RELEASE}/istio-1.31.0-{p}.tar.gz`,
        checksums: `${ISTIO_RELEASE}/istio-1.31.0-{p}.tar.gz.sha256`,
      },
      root: "istio-1.31.0",
    },
  },
  {
    ...ISTIO,
    name: "istio-bootstrap",
    folder: "assets/istio-bootstrap/1.31-dev-eed52ebb66ad",
    files: { "envoy_bootstrap.json": "tools/packaging/common/envoy_bootstrap.json" },
  },
  {
    name: "kwok-stages",
    version: "0.8.0",
    folder: "assets/kwok-stages/0.8.0",
    goModule: "tools",
    module: "sigs.k8s.io/kwok",
    moduleVersion: "v0.8.0",
    files: {
      "node/fast": "kustomize/stage/node/fast",
      "node/heartbeat": "kustomize/stage/node/heartbeat",
      "node/heartbeat-with-lease": "kustomize/stage/node/heartbeat-with-lease",
      "pod/fast": "kustomize/stage/pod/fast",
    },
  },
  {
    name: "gateway-api-crds",
    version: "1.6.0",
    folder: "assets/gateway-api-crds/1.6.0",
    goModule: "tools",
    module: "sigs.k8s.io/gateway-api",
    moduleVersion: "v1.6.0",
    files: { standard: "config/crd/standard", experimental: "config/crd/experimental" },
  },
];
