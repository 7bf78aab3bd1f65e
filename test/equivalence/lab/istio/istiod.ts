import { createHash } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { JsonObject } from "../../../../lib";
import { ISTIOD } from "../addresses";
import { httpGet, start, toolPath, untilReady, type Started } from "../process";

const MESH_CONFIG = "mesh.yaml";
/** A setting that nothing reads, by which one sees which of two mesh configs istiod has. */
const MARK = "LAB";

/** A real istiod that reads the laboratory's API server. */
export interface Istiod {
  /** Sets the mesh config that a plan asks for; resolves when istiod works by it. */
  configure(meshConfig: JsonObject): Promise<void>;
  /** All objects of Istio's own kinds that istiod knows: key and resourceVersion. */
  known(): Promise<ReadonlyMap<string, string>>;
}

/** The trust domain of a partner whose authority the mesh trusts, as whoever runs it may have it do. */
export const PARTNER = "partner.example";

/**
 * Stock Envoy has none of Istio's own filters, so istiod is told to send none. It waits less than usual for more
 * changes to come before it tells proxies of one.
 */
const ENVIRONMENT = {
  PILOT_ENABLE_ALPN_FILTER: "false",
  PILOT_ENABLE_METADATA_EXCHANGE: "false",
  // Copies of requests are told from the requests by their Host header.
  DISABLE_SHADOW_HOST_SUFFIX: "false",
  PILOT_DEBOUNCE_AFTER: "20ms",
  ENABLE_LEADER_ELECTION: "false",
  ENABLE_DEBUG_ENDPOINT_AUTH: "false",
  UNSAFE_ENABLE_ADMIN_ENDPOINTS: "true",
  ISTIOD_CUSTOM_HOST: "localhost",
  PILOT_ENABLE_GATEWAY_API_DEPLOYMENT_CONTROLLER: "false",
  POD_NAMESPACE: "istio-system",
  POD_NAME: "istiod",
  REVISION: "default",
};

export async function startIstiod(
  folder: string,
  { kubeconfig, root }: { kubeconfig: string; root: string },
  environment: { readonly [name: string]: string } = {},
): Promise<Istiod> {
  const own = join(folder, "istiod");
  mkdirSync(own, { recursive: true });
  const file = join(own, MESH_CONFIG);
  const write = (meshConfig: JsonObject): string => {
    const text = stringify(ours(meshConfig, root));
    const mark = createHash("sha256").update(text).digest("hex").slice(0, 12);
    const marked = { ...ours(meshConfig, root), defaultConfig: { proxyMetadata: { [MARK]: mark } } };
    writeFileSync(`${file}.new`, stringify(marked));
    renameSync(`${file}.new`, file);
    return mark;
  };
  const argv = argumentsFor({ kubeconfig, file });
  const env = { ...ENVIRONMENT, ...environment };
  let domain = "";
  let istiod: Started | undefined;
  const configure = async (meshConfig: JsonObject): Promise<void> => {
    const mark = write(meshConfig);
    const { trustDomain } = meshConfig;
    const wanted = typeof trustDomain === "string" ? trustDomain : "cluster.local";
    // The one thing that istiod reads at its start only.
    if (wanted !== domain || istiod === undefined) {
      await end(istiod);
      istiod = start("istiod", argv, { folder, env, cwd: own });
      await untilReady(istiod, async () => (await httpGet(`http://${ISTIOD.http}/ready`)).status === 200);
      domain = wanted;
    }
    const shown = async () => (await httpGet(`http://${ISTIOD.http}/debug/mesh`)).body.includes(mark);
    await untilReady(istiod, shown);
  };
  await configure({});
  return { configure, known };
}

async function end(istiod: Started | undefined): Promise<void> {
  if (istiod === undefined) return;
  const gone = new Promise((resolve) => istiod.child.once("exit", resolve));
  istiod.child.kill("SIGKILL");
  await gone;
}

function argumentsFor({ kubeconfig, file }: { kubeconfig: string; file: string }): string[] {
  return [
    toolPath("pilot-discovery"),
    "discovery",
    `--kubeconfig=${kubeconfig}`,
    `--meshConfig=${file}`,
    `--grpcAddr=${ISTIOD.xds}`,
    `--secureGRPCAddr=${ISTIOD.secureXds}`,
    `--httpAddr=${ISTIOD.http}`,
    `--httpsAddr=${ISTIOD.https}`,
    `--monitoringAddr=${ISTIOD.monitoring}`,
    "--ctrlz_port=0",
    "--kubernetesApiQPS=1000",
    "--kubernetesApiBurst=2000",
    "--log_output_level=default:warn",
  ];
}

/** The plan's mesh config, without what only Istio's own Envoy can do, its statistics, and with a partner's authority. */
function ours(meshConfig: JsonObject, root: string): JsonObject {
  return { ...meshConfig, defaultProviders: {}, caCertificates: [{ pem: root, trustDomains: [PARTNER] }] };
}

interface Shown {
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly resourceVersion?: string;
  };
}

async function known(): Promise<ReadonlyMap<string, string>> {
  const { status, body } = await httpGet(`http://${ISTIOD.http}/debug/configz`);
  if (status !== 200) throw new Error(`istiod's configz answered ${status}: ${body.slice(0, 200)}`);
  return new Map(
    (JSON.parse(body) as readonly Shown[]).map(({ kind, metadata }) => [
      `${kind} ${metadata?.namespace ?? ""}/${metadata?.name}`,
      metadata?.resourceVersion ?? "",
    ]),
  );
}
