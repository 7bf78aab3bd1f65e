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
  | "consul"
  | "iptables"
  | "ip";

/** Folders of files that come with a tool's module. */
export type AssetName = "istio-charts" | "istio-bootstrap" | "kwok-stages" | "gateway-api-crds";

export interface InstalledTool {
  readonly name: ToolName;
  /** What the program says of itself; "unknown" where it cannot say. */
  readonly version: string;
  readonly path: string;
  readonly source: "path" | "download" | "go" | "pypi" | "system-package";
}

export interface InstalledAsset {
  readonly name: AssetName;
  readonly version: string;
  /** The folder that holds the asset's files. */
  readonly path: string;
}

/** Takes one line of progress at a time. */
export interface Progress {
  /** A `passing` line may be overwritten by the next one. */
  (line: string, passing?: boolean): void;
  /** It does overwrite passing lines, so they may come each second; else they come every 15 seconds. */
  readonly live?: boolean;
}
