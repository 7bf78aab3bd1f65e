import { findTool } from "../../../embedded/tools";
import type { ToolName } from "../../../embedded/tools/types";

const engine: readonly ToolName[] = ["pulumi", "pulumi-language-nodejs"];
const controlPlane: readonly ToolName[] = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
];

/** The real engine and API server or nothing: without them the tests are skipped with a reason, in CI they fail. */
export function describeWithEngine(name: string, more: readonly ToolName[], body: () => void): void {
  const missing = [...engine, ...controlPlane, ...more].filter((tool) => findTool(tool) === undefined);
  if (missing.length === 0) {
    describe(name, body);
    return;
  }
  const reason = `${missing.join(", ")} missing; install: npx meshwright doctor --install`;
  if (process.env["CI"] === "true") test(name, () => expect(reason).toBe(""));
  else describe.skip(`${name} (skipped: ${reason})`, body);
}
