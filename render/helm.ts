import { execFile, type ExecFileException } from "node:child_process";
import { canonicalText } from "../lib";
import { RenderError } from "./errors";
import type { LocatedChart } from "./types";

/** How long a chart may take; one from afar is downloaded first. */
const TIMEOUT_MS = 120_000;
const LARGEST_OUTPUT = 64 * 1024 * 1024;

/** The manifests of a chart as the Helm CLI prints them. Values go through stdin, so that no file holds them. */
export function helmTemplate(
  located: LocatedChart,
  helm: string,
  kubernetesVersion: string,
): Promise<string> {
  const { release, namespace, values } = located.chart;
  const args = [
    "template",
    release,
    ...located.helmArgs,
    ...["--namespace", namespace, "--kube-version", kubernetesVersion],
    ...["--include-crds", "--skip-tests", "--values", "-"],
  ];
  return new Promise((done, failed) => {
    const child = execFile(
      helm,
      args,
      { maxBuffer: LARGEST_OUTPUT, timeout: TIMEOUT_MS },
      (error, stdout, stderr) => {
        if (error === null) done(stdout);
        else failed(new RenderError(explain(located, { stderr, error })));
      },
    );
    // Helm that ends before it has read its input closes the pipe; its own message says why.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(canonicalText(values));
  });
}

function explain(
  { chart, helmArgs }: LocatedChart,
  { stderr, error }: { stderr: string; error: ExecFileException },
): RenderError["finding"] {
  const said = stderr
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("WARNING"))
    .join("; ")
    .replace(/^Error: /, "")
    .slice(0, 1000);
  const where = chart.source.kind === "repository" ? chart.source.url : (helmArgs[0] ?? chart.chart);
  if (error.code === "ENOENT") {
    return { code: "helm-missing", message: `the Helm CLI cannot be started: ${error.message}` };
  }
  if (error.killed === true) {
    const message = `Helm had not rendered the chart ${chart.chart} after ${TIMEOUT_MS / 1000} s`;
    return { code: "chart-timeout", message, hint: `check that ${where} answers` };
  }
  if (
    /no such host|connection refused|i\/o timeout|no route|TLS handshake|lookup |looks like .* is not a valid chart repository|proxyconnect/i.test(
      said,
    )
  ) {
    const hint =
      "check the address and the network, or name a mirror or folder of charts in the mesh's options";
    return { code: "charts-unreachable", message: `${where} cannot be reached: ${said}`, hint };
  }
  if (/not found|no chart (version|name)|not available/i.test(said) && chart.source.kind !== "bundled") {
    const hint = "check the chart's source and the mesh's version";
    return {
      code: "chart-not-found",
      message: `no chart ${chart.chart} ${chart.version} at ${where}: ${said}`,
      hint,
    };
  }
  if (/values don't meet the specifications|schema/i.test(said)) {
    const hint = "the chart's version and the mesh's version may not belong together";
    return { code: "chart-values", message: `the chart ${chart.chart} refuses its values: ${said}`, hint };
  }
  return {
    code: "chart-failed",
    message: `Helm cannot render the chart ${chart.chart}: ${said || error.message}`,
  };
}
