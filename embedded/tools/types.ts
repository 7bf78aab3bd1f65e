/** Programs and files that the embedded cluster and the engine run on. */
export type ToolName =
  | "pulumi"
  | "pulumi-language-nodejs"
  | "etcd"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-scheduler"
  | "kube-proxy"
  | "kwok"
  | "helm"
  | "pilot-discovery"
  | "pilot-agent"
  | "istioctl"
  | "envoy"
  | "iptables"
  | "ip";

/** Folders of files that come with a tool's module. */
export type AssetName = "istio-charts" | "istio-bootstrap" | "kwok-stages" | "gateway-api-crds";

export interface InstalledTool {
  readonly name: ToolName;
  readonly version: string;
  readonly path: string;
  readonly source: "path" | "download" | "go" | "pypi" | "system-package";
}

export interface InstalledAsset {
  readonly name: AssetName;
  readonly version: string;
  readonly path: string;
}

/** Takes one line of progress at a time. */
export type Progress = (line: string) => void;
