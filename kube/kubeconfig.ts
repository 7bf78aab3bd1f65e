import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import type * as Yaml from "yaml";
import { isJsonObject } from "../lib";
import type { Credential, KubeConnection } from "./connection";
import { KubeconfigError } from "./errors";
import { execCredential, type ExecPlugin } from "./exec-credential";

type Fields = Readonly<Record<string, unknown>>;

/** One named entry, with the folder that its relative paths start from. */
interface Entry {
  readonly fields: Fields;
  readonly base: string;
}

/** One or more kubeconfig files merged: of entries with one name, the first wins. */
export interface Kubeconfig {
  /** File names or `kubeconfig`, for messages. */
  readonly where: string;
  readonly currentContext: string;
  readonly contexts: ReadonlyMap<string, Entry>;
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
}

const TOKEN_FILE_MS = 60_000;

/** The files of `path`, else of `KUBECONFIG`, else `~/.kube/config`. Throws KubeconfigError if none exists or one is unusable. */
export function loadKubeconfig(path?: string): Kubeconfig {
  const named = path ?? process.env["KUBECONFIG"];
  const files = named ? named.split(delimiter).filter(Boolean) : [join(homedir(), ".kube", "config")];
  const present = files.filter((file) => existsSync(file));
  if (present.length === 0) {
    throw new KubeconfigError(files.join(", "), "no such file", "set KUBECONFIG or create the cluster first");
  }
  const parts = present.map((file) => parseKubeconfig(readFileSync(file, "utf8"), file));
  const first = <K extends "contexts" | "clusters" | "users">(key: K) =>
    new Map(parts.flatMap((part) => [...part[key]]).reverse());
  return {
    where: present.join(", "),
    currentContext: parts.map((part) => part.currentContext).find(Boolean) ?? "",
    contexts: first("contexts"),
    clusters: first("clusters"),
    users: first("users"),
  };
}

/** Parses YAML or JSON. `file` is for messages and relative paths; without it they start from the working directory. */
export function parseKubeconfig(text: string, file?: string): Kubeconfig {
  const where = file ?? "kubeconfig";
  const base = file === undefined ? process.cwd() : dirname(resolve(file));
  const parsed = parse(text, where);
  const entries = (list: string, field: string) =>
    new Map(
      (Array.isArray(parsed[list]) ? (parsed[list] as unknown[]) : [])
        .filter(isJsonObject)
        .map((entry): [string, Entry] => {
          const fields = entry[field];
          return [string(entry["name"]) ?? "", { fields: isJsonObject(fields) ? fields : {}, base }];
        }),
    );
  return {
    where,
    currentContext: string(parsed["current-context"]) ?? "",
    contexts: entries("contexts", "context"),
    clusters: entries("clusters", "cluster"),
    users: entries("users", "user"),
  };
}

/**
 * The connection of one context, by default the current one, or of its user to another cluster of the file.
 * Reads certificate files, runs nothing yet. Throws KubeconfigError.
 */
export function connectionOf(
  config: Kubeconfig,
  context: string = config.currentContext,
  clusterName?: string,
): KubeConnection {
  const { where } = config;
  if (!context) throw new KubeconfigError(where, "no current-context", "name a context");
  const names = lookup(config.contexts, context, { where, what: "context" }).fields;
  const cluster = lookup(config.clusters, clusterName ?? string(names["cluster"]) ?? "", {
    where,
    what: "cluster",
  });
  const user = string(names["user"]);
  const server = string(cluster.fields["server"])?.replace(/\/+$/, "");
  if (!server)
    throw new KubeconfigError(where, `cluster ${String(names["cluster"])} has no server`, "add its URL");
  if (cluster.fields["proxy-url"] !== undefined) {
    throw new KubeconfigError(
      where,
      "proxy-url is not supported",
      "use a route to the cluster that needs no proxy",
    );
  }
  const ca = pem(cluster, "certificate-authority", where);
  const tlsServerName = string(cluster.fields["tls-server-name"]);
  return {
    server,
    context,
    namespace: string(names["namespace"]) ?? "default",
    ...(ca !== undefined && { ca }),
    insecure: cluster.fields["insecure-skip-tls-verify"] === true,
    ...(tlsServerName !== undefined && { tlsServerName }),
    credential: user
      ? credentials(lookup(config.users, user, { where, what: "user" }), cluster, where)
      : none,
  };
}

const none = () => Promise.resolve({});

function credentials(user: Entry, cluster: Entry, where: string): KubeConnection["credential"] {
  const unsupported = ["auth-provider", "as", "username"].find((key) => user.fields[key] !== undefined);
  if (unsupported) {
    throw new KubeconfigError(
      where,
      `user field ${unsupported} is not supported`,
      "use a certificate, token or exec",
    );
  }
  const cert = pem(user, "client-certificate", where);
  const key = pem(user, "client-key", where);
  const token = string(user.fields["token"]);
  const fixed: Credential = {
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(token !== undefined && { token }),
  };
  const tokenFile = string(user.fields["tokenFile"]);
  const exec = user.fields["exec"];
  if (tokenFile && !token) {
    return cached(() => {
      const read = readFileOf(user, { name: tokenFile, where }).trim();
      return Promise.resolve({ ...fixed, token: read, expires: Date.now() + TOKEN_FILE_MS });
    });
  }
  if (isJsonObject(exec)) return cached(() => execCredential(pluginOf(exec, user, cluster), where));
  return () => Promise.resolve(fixed);
}

/** Asks again only after the last answer has ended; callers at the same time share one question. */
function cached(ask: () => Promise<Credential>): KubeConnection["credential"] {
  let last: Promise<Credential> | undefined;
  let until = 0;
  return async (stale) => {
    if (!last || stale || Date.now() >= until) {
      until = Infinity;
      last = ask();
      last.then(
        (credential) => (until = credential.expires ?? Infinity),
        () => (last = undefined),
      );
    }
    return last;
  };
}

function pluginOf(exec: Fields, user: Entry, cluster: Entry): ExecPlugin {
  const env = (Array.isArray(exec["env"]) ? (exec["env"] as unknown[]) : []).filter(isJsonObject);
  const args = Array.isArray(exec["args"]) ? (exec["args"] as unknown[]) : [];
  const command = string(exec["command"]) ?? "";
  const ca = pem(cluster, "certificate-authority", "kubeconfig");
  return {
    apiVersion: string(exec["apiVersion"]) ?? "",
    command: command.includes("/") && !isAbsolute(command) ? join(user.base, command) : command,
    args: args.map(String),
    env: Object.fromEntries(env.map((e) => [string(e["name"]) ?? "", string(e["value"]) ?? ""])),
    installHint: string(exec["installHint"]) ?? "",
    ...(exec["provideClusterInfo"] === true && {
      cluster: {
        server: cluster.fields["server"],
        ...(ca && { "certificate-authority-data": Buffer.from(ca).toString("base64") }),
      },
    }),
  };
}

function parse(text: string, where: string): Fields {
  let parsed: unknown;
  try {
    // JSON first: the YAML parser is loaded only when it is needed, for the plugin's start time.
    parsed = text.trimStart().startsWith("{") ? (JSON.parse(text) as unknown) : yaml(text);
  } catch (error) {
    throw new KubeconfigError(where, `not valid YAML: ${(error as Error).message}`, "check the text");
  }
  if (!isJsonObject(parsed))
    throw new KubeconfigError(where, "not a kubeconfig", "it must be a map with clusters");
  return parsed;
}

function yaml(text: string): unknown {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded on first use only
  return (require("yaml") as typeof Yaml).parse(text);
}

function pem(entry: Entry, field: string, where: string): string | undefined {
  const inline = string(entry.fields[`${field}-data`]);
  if (inline) return Buffer.from(inline, "base64").toString("utf8");
  const name = string(entry.fields[field]);
  return name === undefined ? undefined : readFileOf(entry, { name, where });
}

function readFileOf(entry: Entry, { name, where }: { name: string; where: string }): string {
  const path = resolve(entry.base, name);
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new KubeconfigError(where, `cannot read ${path}: ${(error as Error).message}`, "restore the file");
  }
}

function lookup(map: ReadonlyMap<string, Entry>, name: string, at: { where: string; what: string }): Entry {
  const found = map.get(name);
  if (found) return found;
  const known = [...map.keys()].join(", ") || "none";
  throw new KubeconfigError(at.where, `no ${at.what} "${name}"`, `it has: ${known}`);
}

function string(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
