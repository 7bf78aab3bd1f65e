import { findTool } from "../../../embedded/tools";
import type { ToolName } from "../../../embedded/tools/types";

const TOOLS: readonly ToolName[] = [
  ...(["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy", "kwok"] as const),
  ...(["helm", "pilot-discovery", "pilot-agent", "envoy", "istioctl", "iptables", "ip"] as const),
];

/** A real mesh whose workloads really run, or nothing: where that cannot be, the tests are skipped with a reason; in CI they fail. */
export function describeWithDataPlane(name: string, body: () => void): void {
  const missing = TOOLS.filter((tool) => findTool(tool) === undefined);
  const root = process.platform === "linux" && process.getuid?.() === 0;
  const reasons = [
    ...(root ? [] : ["needs root on Linux"]),
    ...(missing.length > 0
      ? [`${missing.join(", ")} missing; install: npx meshwright doctor --install`]
      : []),
  ];
  if (reasons.length === 0) describe(name, body);
  else if (process.env["CI"] === "true") test(name, () => expect(reasons).toEqual([]));
  else {
    process.stderr.write(`skipped: ${name}: ${reasons.join("; ")}\n`);
    describe.skip(name, body);
  }
}
