import { readFileSync } from "node:fs";
import { isMap, type CheckFailure, type PlainMap, type Value, type ValueMap } from "../../plugin";

/** Where a chart comes from. */
export interface ChartSource {
  /** A folder, an archive, a name in `repository`, or `oci://…`. */
  readonly chart: string;
  readonly version?: string;
  readonly repository?: {
    readonly repo?: string;
    readonly username?: string;
    readonly password?: string;
    readonly caFile?: string;
    readonly certFile?: string;
    readonly keyFile?: string;
  };
}

/** The inputs of `helm.v3.Release` that this plugin honours. */
export interface ReleaseInputs extends ChartSource {
  readonly name: string;
  readonly namespace: string;
  readonly values: PlainMap;
  /** Texts of values files, weakest first. */
  readonly valueFiles: readonly string[];
  readonly timeoutSeconds: number;
  /** Command line flags that the boolean inputs stand for. */
  readonly flags: readonly string[];
  readonly upgradeFlags: readonly string[];
}

const BOTH: Readonly<Record<string, readonly string[]>> = {
  dependencyUpdate: ["--dependency-update"],
  devel: ["--devel"],
  disableOpenapiValidation: ["--disable-openapi-validation"],
  disableWebhooks: ["--no-hooks"],
  forceUpdate: ["--force-replace"],
  renderSubchartNotes: ["--render-subchart-notes"],
  skipCrds: ["--skip-crds"],
  waitForJobs: ["--wait-for-jobs"],
};
const UPGRADE: Readonly<Record<string, readonly string[]>> = { cleanupOnFail: ["--cleanup-on-fail"] };
/** Inputs that would change what is installed, and that the CLI has no match for. */
const UNSUPPORTED = ["disableCRDHooks", "keyring", "lint", "postrender", "recreatePods", "replace", "verify"];

export function unsupportedInputs(inputs: ValueMap): CheckFailure[] {
  return UNSUPPORTED.filter((property) => isSet(inputs[property])).map((property) => ({
    property,
    reason: "not supported by the offline provider; leave it out, or install the official plugin",
  }));
}

/** Reads checked inputs with secrets opened. Throws where a values file cannot be read. */
export function releaseInputs(inputs: PlainMap): ReleaseInputs {
  const repository = inputs["repositoryOpts"];
  const wait = inputs["skipAwait"] === true ? [] : ["--wait"];
  const atomic = inputs["atomic"] === true ? ["--rollback-on-failure"] : [];
  const description = text(inputs["description"]);
  const history = inputs["maxHistory"];
  return {
    chart: text(inputs["chart"]) ?? "",
    ...(text(inputs["version"]) !== undefined && { version: text(inputs["version"]) ?? "" }),
    ...(isMap(repository) && { repository: repository }),
    name: text(inputs["name"]) ?? "",
    namespace: text(inputs["namespace"]) ?? "default",
    values: isMap(inputs["values"]) ? inputs["values"] : {},
    valueFiles: list(inputs["valueYamlFiles"]).map(assetText),
    timeoutSeconds: typeof inputs["timeout"] === "number" && inputs["timeout"] > 0 ? inputs["timeout"] : 300,
    flags: [
      ...wait,
      ...atomic,
      ...chosen(BOTH, inputs),
      ...(description === undefined ? [] : ["--description", description]),
    ],
    upgradeFlags: [
      ...chosen(UPGRADE, inputs),
      // Without a flag Helm goes back to the last values when there are none now.
      inputs["reuseValues"] === true ? "--reuse-values" : "--reset-values",
      ...(typeof history === "number" ? ["--history-max", String(history)] : []),
    ],
  };
}

function chosen(flags: Readonly<Record<string, readonly string[]>>, inputs: PlainMap): string[] {
  return Object.entries(flags).flatMap(([input, words]) => (inputs[input] === true ? words : []));
}

/** An asset as the engine sends it: with its text, or with the path of a file. */
function assetText(asset: unknown): string {
  const { text: content, path } = asset as { text?: string; path?: string };
  if (content !== undefined && content !== "") return content;
  if (path !== undefined && path !== "") return readFileSync(path, "utf8");
  throw new Error("valueYamlFiles: only file and string assets are supported by the offline provider");
}

function isSet(value: Value | undefined): boolean {
  return value !== undefined && value !== null && value !== false && value !== "";
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
