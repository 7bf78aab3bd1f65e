import { isMap, type PlainMap } from "../../plugin";
import { parseAll } from "../yaml";
import { helm } from "./cli";
import type { ChartSource } from "./inputs";
import { Workspace } from "./workspace";

/** What a chart is rendered with. */
export interface Rendering extends ChartSource {
  readonly name: string;
  readonly namespace: string;
  readonly values: PlainMap;
  readonly valueFiles: readonly string[];
}

/** The chart's objects. */
export async function renderChart(
  workspace: Workspace,
  rendering: Rendering,
  flags: readonly string[],
): Promise<PlainMap[]> {
  const chart = workspace.chart(rendering);
  if (workspace.hasPrivateRepository) await helm(["repo", "update"], workspace.env);
  const values = workspace.values(rendering.values, rendering.valueFiles);
  const args = [
    "template",
    rendering.name,
    ...chart,
    "--namespace",
    rendering.namespace,
    ...values,
    ...flags,
  ];
  return parseAll((await helm(args, workspace.env)).stdout);
}

/** The function `kubernetes:helm:template`: `jsonOpts` is what `helm.v3.Chart` was given, as JSON. */
export async function helmTemplate(jsonOpts: string): Promise<PlainMap[]> {
  const options = JSON.parse(jsonOpts) as PlainMap;
  const option = (name: string) =>
    typeof options[name] === "string" && options[name] !== "" ? options[name] : undefined;
  const fetch = isMap(options["fetch_opts"]) ? options["fetch_opts"] : {};
  const repository = { ...fetch, ...(option("repo") !== undefined && { repo: option("repo") }) } as PlainMap;
  const version = option("version") ?? (fetch["version"] as string | undefined);
  const rendering: Rendering = {
    chart: option("path") ?? option("chart") ?? "",
    ...(version !== undefined && { version }),
    ...(Object.keys(repository).length > 0 && { repository: repository }),
    name: option("release_name") ?? option("releaseName") ?? "release",
    namespace: option("namespace") ?? "default",
    values: isMap(options["values"]) ? options["values"] : {},
    valueFiles: [],
  };
  const versions = options["api_versions"];
  const flags = [
    ...(options["skip_crd_rendering"] === true ? [] : ["--include-crds"]),
    ...(options["include_test_hook_resources"] === true ? [] : ["--skip-tests"]),
    ...(option("kube_version") === undefined ? [] : ["--kube-version", option("kube_version") ?? ""]),
    ...(Array.isArray(versions) ? ["--api-versions", versions.join(",")] : []),
  ];
  return Workspace.with((workspace) => renderChart(workspace, rendering, flags));
}
