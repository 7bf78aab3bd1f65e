import { execFile } from "node:child_process";
import { isJsonObject } from "../lib";
import type { Credential } from "./connection";
import { KubeconfigError } from "./errors";

/** The `exec` entry of a kubeconfig user. */
export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly installHint: string;
  /** What the plugin is told about the cluster when it asked for it (`provideClusterInfo`). */
  readonly cluster?: Readonly<Record<string, unknown>>;
}

const VERSIONS = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];
const TIMEOUT_MS = 60_000;

/** Runs a credential plugin (aws, gke-gcloud-auth-plugin, kubelogin, …) and reads the ExecCredential it prints. */
export async function execCredential(plugin: ExecPlugin, where: string): Promise<Credential> {
  if (!VERSIONS.includes(plugin.apiVersion)) {
    throw new KubeconfigError(
      where,
      `exec plugin ${plugin.command} speaks ${plugin.apiVersion || "no named version"}`,
      `use one of ${VERSIONS.join(", ")}`,
    );
  }
  const printed = await run(plugin, where);
  const status = statusOf(printed);
  const token = text(status?.["token"]);
  const cert = text(status?.["clientCertificateData"]);
  const key = text(status?.["clientKeyData"]);
  if (token === undefined && (cert === undefined || key === undefined)) {
    throw new KubeconfigError(
      where,
      `exec plugin ${plugin.command} printed no token and no client certificate`,
      "run it by hand and look at what it prints",
    );
  }
  const until = Date.parse(text(status?.["expirationTimestamp"]) ?? "");
  return {
    ...(token !== undefined && { token }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    // A minute early, so that no request starts with a token that ends on the way.
    ...(!Number.isNaN(until) && { expires: until - 60_000 }),
  };
}

function run(plugin: ExecPlugin, where: string): Promise<string> {
  const info = {
    apiVersion: plugin.apiVersion,
    kind: "ExecCredential",
    spec: { interactive: false, ...(plugin.cluster && { cluster: plugin.cluster }) },
  };
  const env = { ...process.env, ...plugin.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, stdout: string, stderr: string) => {
      if (!error) return resolve(stdout);
      const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
      const what = missing ? "is not installed" : `failed: ${stderr.trim() || error.message}`;
      reject(new KubeconfigError(where, `exec plugin ${plugin.command} ${what}`, hint(plugin)));
    };
    execFile(plugin.command, [...plugin.args], { env, timeout: TIMEOUT_MS, maxBuffer: 1 << 20 }, done);
  });
}

function hint(plugin: ExecPlugin): string {
  return plugin.installHint.trim() || `make sure that ${plugin.command} is on PATH and logged in`;
}

function statusOf(printed: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(printed);
    const status = isJsonObject(parsed) ? parsed["status"] : undefined;
    return isJsonObject(status) ? status : undefined;
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
