import { findTool } from "../../../embedded/tools";
import type { ToolName } from "../../../embedded/tools/types";

const CONTROL_PLANE: readonly ToolName[] = [
  ...(["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"] as const),
  ...(["helm", "pilot-discovery", "istioctl"] as const),
];
const DATA_PLANE: readonly ToolName[] = ["kube-proxy", "pilot-agent", "envoy", "iptables", "ip"];

/** A real mesh whose workloads really run, or nothing: where that cannot be, the tests are skipped with a reason; in CI they fail. */
export function describeWithDataPlane(name: string, body: () => void): void {
  const root = process.platform === "linux" && process.getuid?.() === 0;
  describeWith(
    name,
    [...(root ? [] : ["needs root on Linux"]), ...missing([...CONTROL_PLANE, ...DATA_PLANE])],
    body,
  );
}

/** A real istiod for simulated workloads, or nothing, likewise. */
export function describeWithIstiod(name: string, body: () => void): void {
  describeWith(name, missing(CONTROL_PLANE), body);
}

function missing(tools: readonly ToolName[]): string[] {
  const absent = tools.filter((tool) => findTool(tool) === undefined);
  return absent.length === 0
    ? []
    : [`${absent.join(", ")} missing; install: npx meshwright doctor --install`];
}

function describeWith(name: string, reasons: readonly string[], body: () => void): void {
  if (reasons.length === 0) describe(name, body);
  else if (process.env["CI"] === "true") test(name, () => expect(reasons).toEqual([]));
  else {
    process.stderr.write(`skipped: ${name}: ${reasons.join("; ")}\n`);
    describe.skip(name, body);
  }
}
