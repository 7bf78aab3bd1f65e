import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { isJsonObject } from "../../lib";

/** A kubeconfig that holds what is needed to reach a cluster. */
export interface Kubeconfig {
  /** The file, absolute. */
  readonly path: string;
  readonly content: string;
  /** The context to use: the one asked for, or the file's current one. */
  readonly context: string;
}

/** Why a kubeconfig cannot be used, and what to do. `option` is the option to blame. */
export class KubeconfigFault extends Error {
  constructor(
    readonly option: "path" | "context",
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

/** Where kubectl would look, when no path is given. */
export function defaultPath(): string {
  const listed = (process.env["KUBECONFIG"] ?? "").split(delimiter).filter((p) => p !== "");
  if (listed.length > 1) {
    throw new KubeconfigFault(
      "path",
      `KUBECONFIG names ${listed.length} files`,
      "name the one to use with `path`",
    );
  }
  return listed[0] ?? join(homedir(), ".kube", "config");
}

/** Reads a kubeconfig file and checks that the context is there and complete. Throws a KubeconfigFault. */
export function readKubeconfig(path: string, context?: string): Kubeconfig {
  const file = absolute(path);
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new KubeconfigFault(
      "path",
      missing ? `there is no kubeconfig at ${file}` : `cannot read ${file}: ${(error as Error).message}`,
      "give the path of a kubeconfig with `path`; a relative one counts from the folder of Pulumi.yaml",
    );
  }
  return {
    path: file,
    content,
    context: checkContext(parseKubeconfig(content, file), { file, wanted: context }),
  };
}

function parseKubeconfig(content: string, file: string): { readonly [key: string]: unknown } {
  const hint = `see it with: kubectl config view --kubeconfig ${file}`;
  let parsed: unknown;
  try {
    parsed = parse(content, { prettyErrors: true });
  } catch (error) {
    const [where] = (error as Error).message.split("\n");
    throw new KubeconfigFault("path", `${file} is not YAML: ${(where ?? "").replace(/:$/, "")}`, hint);
  }
  if (!isJsonObject(parsed)) throw new KubeconfigFault("path", `${file} holds no kubeconfig`, hint);
  return parsed;
}

function checkContext(
  config: { readonly [key: string]: unknown },
  ask: { file: string; wanted: string | undefined },
): string {
  const contexts = entries(config["contexts"], "context");
  const names = [...contexts.keys()].join(", ");
  if (contexts.size === 0) {
    throw new KubeconfigFault(
      "path",
      `${ask.file} holds no contexts`,
      "give the path of a kubeconfig that reaches a cluster",
    );
  }
  const current = config["current-context"];
  const name = ask.wanted ?? (typeof current === "string" && current !== "" ? current : undefined);
  if (name === undefined) {
    throw new KubeconfigFault(
      "context",
      `${ask.file} has no current context`,
      `choose one with \`context\`: ${names}`,
    );
  }
  const context = contexts.get(name);
  if (context === undefined) {
    throw new KubeconfigFault(
      "context",
      `${ask.file} has no context ${JSON.stringify(name)}`,
      `it has: ${names}`,
    );
  }
  for (const [key, list] of [
    ["cluster", "clusters"],
    ["user", "users"],
  ] as const) {
    const wanted = context[key];
    if (typeof wanted === "string" && entries(config[list], key).has(wanted)) continue;
    throw new KubeconfigFault(
      "context",
      `context ${JSON.stringify(name)} of ${ask.file} names the ${key} ${JSON.stringify(wanted ?? "")}, which is not there`,
      `add it under ${list}, or choose another context: ${names}`,
    );
  }
  return name;
}

/** The named entries of one of a kubeconfig's lists, by name. */
function entries(list: unknown, key: string): ReadonlyMap<string, { readonly [key: string]: unknown }> {
  const found = new Map<string, { readonly [key: string]: unknown }>();
  for (const item of Array.isArray(list) ? (list as unknown[]) : []) {
    if (isJsonObject(item) && typeof item["name"] === "string" && isJsonObject(item[key]))
      found.set(item["name"], item[key]);
  }
  return found;
}

/** `~` is the home folder; a relative path counts from the folder of Pulumi.yaml, not from where the program runs. */
function absolute(path: string): string {
  if (path === "~" || path.startsWith("~/")) return join(homedir(), path.slice(1));
  return resolve(projectFolder(process.cwd()), path);
}

function projectFolder(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
    if (dirname(folder) === folder) return from;
  }
}
