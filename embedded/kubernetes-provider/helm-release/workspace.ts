import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlainMap } from "../../plugin";
import type { ProviderConfig } from "../provider-config";
import type { ChartSource } from "./inputs";

/** Only the owner may read these: they hold values, credentials and the kubeconfig. */
const PRIVATE = 0o600;

/** Files for one `helm` command: secrets go through files, never through arguments, which every user can see. */
export class Workspace {
  private readonly folder = mkdtempSync(join(tmpdir(), "meshwright-helm-"));
  /** Environment that leads `helm` to the files. */
  readonly env: Record<string, string> = {};

  /** Runs with a workspace and takes it away, whatever happens. */
  static async with<T>(run: (workspace: Workspace) => Promise<T>): Promise<T> {
    const workspace = new Workspace();
    try {
      return await run(workspace);
    } finally {
      rmSync(workspace.folder, { recursive: true, force: true });
    }
  }

  /** Arguments that add these values. */
  values(values: PlainMap, files: readonly string[] = []): string[] {
    const named = files.map((text, i) => this.write(`values-${i}.yaml`, text));
    return [...named, this.write("values.json", JSON.stringify(values))].flatMap((path) => [
      "--values",
      path,
    ]);
  }

  /** Leads helm to the provider's cluster. */
  cluster({ kubeconfigText, connection }: ProviderConfig): string[] {
    if (kubeconfigText !== undefined) this.env["KUBECONFIG"] = this.write("kubeconfig", kubeconfigText);
    return ["--kube-context", connection.context];
  }

  /** Arguments that name the chart, with the repository's credentials in files of their own. */
  chart(source: ChartSource): string[] {
    const version = source.version === undefined ? [] : ["--version", source.version];
    const { repository } = source;
    if (repository?.username !== undefined && source.chart.startsWith("oci://")) this.registry(source);
    const tls = Object.entries({
      "--ca-file": repository?.caFile,
      "--cert-file": repository?.certFile,
      "--key-file": repository?.keyFile,
    });
    const files = tls.flatMap(([flag, path]) => (path === undefined ? [] : [flag, path]));
    if (repository?.repo === undefined) return [source.chart, ...version, ...files];
    if (repository.username === undefined)
      return [source.chart, "--repo", repository.repo, ...version, ...files];
    const entry = {
      name: "private",
      url: repository.repo,
      username: repository.username,
      password: repository.password,
    };
    const list = { apiVersion: "", generated: "0001-01-01T00:00:00Z", repositories: [entry] };
    this.env["HELM_REPOSITORY_CONFIG"] = this.write("repositories.json", JSON.stringify(list));
    this.env["HELM_REPOSITORY_CACHE"] = join(this.folder, "repository");
    return [`private/${source.chart}`, ...version, ...files];
  }

  /** Whether `helm repo update` must come first. */
  get hasPrivateRepository(): boolean {
    return this.env["HELM_REPOSITORY_CONFIG"] !== undefined;
  }

  private registry({ chart, repository }: ChartSource): void {
    const host = chart.slice("oci://".length).split("/")[0] ?? "";
    const auth = Buffer.from(`${repository?.username ?? ""}:${repository?.password ?? ""}`).toString(
      "base64",
    );
    this.env["HELM_REGISTRY_CONFIG"] = this.write(
      "registry.json",
      JSON.stringify({ auths: { [host]: { auth } } }),
    );
  }

  private write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text, { mode: PRIVATE });
    return path;
  }
}
