import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatPath, found, type Diagnostic } from "../../../lib";
import { loadConfig } from "../../../config";

/** A folder of files for one test file, removed when its tests are done. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), "meshwright-config-"));

  constructor() {
    afterAll(() => rmSync(this.path, { recursive: true, force: true }));
  }

  write(name: string, content: string | Buffer): string {
    const file = join(this.path, name);
    writeFileSync(file, content);
    return file;
  }

  /** `line:column code` of all that is said of a stack's file, and of the files it refers to by their names. */
  faults(file: string): string[] {
    return found(loadConfig(file)).map((d) => this.inShort(d));
  }

  inShort({ code, source, path }: Diagnostic): string {
    if (source === undefined) return `${code} at ${formatPath(path)}`;
    const name = source.file.slice(source.file.lastIndexOf("/") + 1);
    return `${name === "Pulumi.t.yaml" ? "" : `${name}:`}${source.line}:${source.column} ${code}`;
  }

  /** A kubeconfig that can be read, so that the cluster section is right. */
  cluster(): string {
    const content = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "c",
      clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:6443" } }],
      users: [{ name: "c", user: { token: "t" } }],
      contexts: [{ name: "c", context: { cluster: "c", user: "c" } }],
    };
    const path = this.write("kubeconfig", JSON.stringify(content));
    return `{ kind: kubeconfig, path: ${path}, features: { kubernetesVersion: 1.36.3 } }`;
  }

  /** A stack's file: the sections given, and a cluster and mesh that are right. */
  stack(sections: string): string {
    const lines = [
      "config:",
      `  meshwright:cluster: ${this.cluster()}`,
      "  meshwright:mesh: { kind: istio }",
      sections,
    ];
    return this.write("Pulumi.t.yaml", lines.join("\n"));
  }
}
