import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import {
  connectionOf,
  loadKubeconfig,
  parseKubeconfig,
  type KubeConnection,
  type Kubeconfig,
} from "../../kube";
import {
  hasUnknown,
  plain,
  type CheckFailure,
  type DiffResult,
  type PlainMap,
  type ValueMap,
} from "../plugin";

/** The provider's own settings, read once in Configure. */
export interface ProviderConfig {
  /** For objects that name no namespace. */
  readonly namespace: string;
  readonly configMapMutable: boolean;
  readonly secretMutable: boolean;
  readonly patchForce: boolean;
  readonly upsert: boolean;
  /** The kubeconfig as the user gave it, for programs that need a file. */
  readonly kubeconfig: Kubeconfig;
  readonly kubeconfigText: string | undefined;
  readonly connection: KubeConnection;
}

const UNSUPPORTED = {
  renderYamlToDirectory: "render with the official plugin, or with `meshwright export`",
  deleteUnreachable: "remove the resources from the state with `pulumi state delete`",
  skipUpdateUnreachable: "make the cluster reachable first",
};

/** Settings that this plugin cannot honour. Unknown ones are left to the SDK's types. */
export function configFailures(news: ValueMap): CheckFailure[] {
  const config = plain(news);
  const failures = Object.entries(UNSUPPORTED)
    .filter(([property]) => isSet(config[property]))
    .map(([property, hint]) => ({ property, reason: `not supported by the offline provider; ${hint}` }));
  if (config["enableServerSideApply"] !== undefined && !isTrue(config["enableServerSideApply"])) {
    const reason =
      "the offline provider only knows server-side apply; leave it on, or install the official plugin";
    failures.push({ property: "enableServerSideApply", reason });
  }
  return failures;
}

/** Throws KubeconfigError. Reads files, asks no cluster. */
export function parseConfig(args: ValueMap): ProviderConfig {
  const config = plain(args);
  const given = text(config["kubeconfig"]);
  const kubeconfig = kubeconfigOf(given);
  const context = text(config["context"]) ?? kubeconfig.currentContext;
  const connection = connectionOf(kubeconfig, context, text(config["cluster"]));
  return {
    namespace: text(config["namespace"]) ?? connection.namespace,
    configMapMutable: isTrue(config["enableConfigMapMutable"]),
    secretMutable: isTrue(config["enableSecretMutable"]),
    patchForce: isTrue(config["enablePatchForce"] ?? process.env["PULUMI_K8S_ENABLE_PATCH_FORCE"] ?? false),
    upsert: isTrue(config["upsertExistingObjects"]),
    kubeconfig,
    kubeconfigText: given !== undefined && isContent(given) ? given : undefined,
    connection,
  };
}

/** A change of cluster replaces the provider and all that it holds, unless both sides have the same `clusterIdentifier`. */
export function diffConfig(olds: ValueMap, news: ValueMap): DiffResult {
  const [before, after] = [plain(olds), plain(news)];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => key !== "version",
  );
  const diffs = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key])).sort();
  if (diffs.length === 0) return {};
  const identifier = after["clusterIdentifier"];
  const identified =
    identifier !== undefined &&
    identifier === before["clusterIdentifier"] &&
    !hasUnknown(news["clusterIdentifier"] ?? null);
  if (identified) return { diffs };
  const moved =
    diffs.includes("clusterIdentifier") &&
    before["clusterIdentifier"] !== undefined &&
    identifier !== undefined;
  const where = ["kubeconfig", "context", "cluster"].filter((key) => diffs.includes(key));
  const elsewhere = where.length > 0 && (hasUnknown(news) || clusterKey(before) !== clusterKey(after));
  const replaces = [...(moved ? ["clusterIdentifier"] : []), ...(elsewhere ? where : [])];
  return { diffs, replaces };
}

/** What makes two kubeconfigs name the same cluster: server and authority. */
function clusterKey(config: PlainMap): string {
  try {
    const kubeconfig = kubeconfigOf(text(config["kubeconfig"]));
    const context = text(config["context"]) ?? kubeconfig.currentContext;
    const { server, ca } = connectionOf(kubeconfig, context, text(config["cluster"]));
    return JSON.stringify([server, ca]);
  } catch {
    return JSON.stringify(config["kubeconfig"] ?? null);
  }
}

/** The setting holds a path or the content itself. */
function kubeconfigOf(given: string | undefined): Kubeconfig {
  if (given === undefined) return loadKubeconfig();
  if (isContent(given)) return parseKubeconfig(given);
  const path = given.startsWith("~/") ? join(homedir(), given.slice(2)) : given;
  return existsSync(path) ? loadKubeconfig(path) : parseKubeconfig(given);
}

function isContent(given: string): boolean {
  return given.includes("\n") || given.trimStart().startsWith("{");
}

/** Provider settings come as JSON text, except strings. */
export function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== false && value !== "false" && value !== "" && value !== null;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
