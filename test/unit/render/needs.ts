import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { findAsset, findTool } from "../../../embedded/tools";

/** Istio's charts: those that are installed, else those of the Go module that they come with. */
export function istioCharts(): string | undefined {
  return findAsset("istio-charts")?.path ?? moduleCharts();
}

function moduleCharts(): string | undefined {
  const modules =
    process.env["GOMODCACHE"] ?? join(process.env["GOPATH"] ?? join(homedir(), "go"), "pkg", "mod");
  const folder = join(modules, "istio.io");
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith("istio@")) : [];
  return names.map((name) => join(folder, name, "manifests", "charts")).find((path) => existsSync(path));
}

/** What a test cannot do without. It is skipped where something is missing, and fails instead where CI=true. */
export function whereThereAre(needs: { readonly [name: string]: unknown }): jest.Describe {
  const missing = Object.keys(needs).filter((name) => needs[name] === undefined);
  if (missing.length === 0) return describe;
  const reason = `missing: ${missing.join(", ")}; install with \`npx meshwright doctor --install\``;
  if (process.env["CI"] === "true") throw new Error(reason);
  // Jest keeps the console of a file without a test that ran to itself.
  process.stderr.write(`skipped, ${reason}\n`);
  return describe.skip;
}

export const helm = findTool("helm");
export const charts = istioCharts();
