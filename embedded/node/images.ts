import { realpathSync } from "node:fs";

/** A file of an image: where it lies on this machine, and where the image has it. */
export interface ImageFile {
  readonly source: string;
  readonly target: string;
}

/** What a container image brings: the process node has no images, it knows what stands in for some of them. */
export interface Image {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly uid: number;
  readonly gid: number;
  /** Found when the container starts: throws, naming the tool, where one is missing. */
  readonly files: () => readonly ImageFile[];
  /** Absent where its program needs a network of its own. */
  readonly onHost?: HostProgram;
}

/** How a program runs beside others on one machine, where it may neither have its own ports nor its own paths. */
export interface HostProgram {
  /** Port that it would listen at → the flag that says where it listens instead, as `<flag>=<host>:<port>`. */
  readonly portFlags: Readonly<Record<string, string>>;
  readonly kubeconfigFlag: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What stands in for an image, by its name; undefined where nothing does. */
export type Catalogue = (image: string) => Image | undefined;

/** Where the programs that images consist of lie on this machine. */
export interface ImageSources {
  /** Path of a program; throws, saying how to get it. */
  readonly tool: (name: "pilot-discovery" | "pilot-agent" | "envoy") => string;
  /** Path of Envoy's bootstrap template of the Istio proxy. */
  readonly bootstrap: () => string;
}

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Runs `node <args>` where the first argument is no program, as the official image does. */
const NODE_ENTRYPOINT = [
  'case "$1" in -*) set -- node "$@";; esac',
  '{ command -v "$1" >/dev/null && ! { [ -f "$1" ] && [ ! -x "$1" ]; }; } || set -- node "$@"',
  'exec "$@"',
].join("; ");

/** Last part of an image's path without tag and digest, and what is before it. */
export function imagePath(image: string): { readonly name: string; readonly prefix: string } {
  const [withTag = ""] = image.split("@");
  const path = withTag.replace(/:[^:/]*$/, "");
  const slash = path.lastIndexOf("/");
  return { name: path.slice(slash + 1), prefix: slash < 0 ? "" : path.slice(0, slash) };
}

const PILOT_ON_HOST: HostProgram = {
  portFlags: {
    8080: "--httpAddr",
    15010: "--grpcAddr",
    15012: "--secureGRPCAddr",
    15014: "--monitoringAddr",
    15017: "--httpsAddr",
  },
  kubeconfigFlag: "--kubeconfig",
  args: ["--ctrlz_port=0"],
  // The name in istiod's certificate: that by which its webhooks are called.
  env: { ISTIOD_CUSTOM_HOST: "localhost" },
};

/** All images that are known. */
export const catalogueOf =
  (sources: ImageSources): Catalogue =>
  (image) =>
    findImage(image, sources);

/** Those that run without a network of their own. */
export const hostCatalogueOf =
  (sources: ImageSources): Catalogue =>
  (image) => {
    const found = findImage(image, sources);
    return found?.onHost === undefined ? undefined : found;
  };

function findImage(image: string, sources: ImageSources): Image | undefined {
  const { name, prefix } = imagePath(image);
  const bin = (tool: "pilot-discovery" | "pilot-agent" | "envoy"): ImageFile => ({
    source: realpathSync(sources.tool(tool)),
    target: `/usr/local/bin/${tool}`,
  });
  if (name === "pilot" && prefix !== "") {
    const files = (): ImageFile[] => [bin("pilot-discovery")];
    const entrypoint = ["/usr/local/bin/pilot-discovery"];
    return { entrypoint, command: [], env: { PATH }, uid: 1337, gid: 1337, files, onHost: PILOT_ON_HOST };
  }
  if (name === "proxyv2" && prefix !== "") {
    const template = "/var/lib/istio/envoy/envoy_bootstrap_tmpl.json";
    const files = (): ImageFile[] => [
      bin("pilot-agent"),
      bin("envoy"),
      { source: realpathSync(sources.bootstrap()), target: template },
    ];
    return { entrypoint: ["/usr/local/bin/pilot-agent"], command: [], env: { PATH }, uid: 0, gid: 0, files };
  }
  if (name === "node" && /^$|^docker\.io$|(^|\/)library$/.test(prefix)) {
    const files = (): ImageFile[] => [
      { source: realpathSync(process.execPath), target: "/usr/local/bin/node" },
    ];
    const env = { PATH, NODE_VERSION: process.versions.node };
    return { entrypoint: ["sh", "-c", NODE_ENTRYPOINT, "sh"], command: ["node"], env, uid: 0, gid: 0, files };
  }
  return undefined;
}

/** Images of a pod that nothing here stands in for; a pod with none of them can really run. */
export function unknownImages(pod: PodImages, catalogue: Catalogue): readonly string[] {
  const images = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])].map(
    (c) => c.image ?? "",
  );
  return images.filter((image) => catalogue(image) === undefined);
}

interface PodImages {
  readonly spec?: {
    readonly initContainers?: readonly { readonly image?: string }[];
    readonly containers?: readonly { readonly image?: string }[];
  };
}
