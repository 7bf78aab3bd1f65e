import { spawnSync } from "node:child_process";
import { findAsset, findTool } from "../../embedded/tools";
import type { ToolName } from "../../embedded/tools/types";

const TOOLS: readonly ToolName[] = ["etcd", "kube-apiserver", "pilot-discovery", "envoy"];

/** A laboratory, or nothing: where it cannot be, the tests are skipped with a reason; in CI they fail. */
export function describeWithLaboratory(name: string, body: () => void): void {
  const reasons = [...missing(), ...closed()];
  if (reasons.length === 0) describe(name, body);
  else if (process.env["CI"] === "true") test(name, () => expect(reasons).toEqual([]));
  else {
    process.stderr.write(`skipped: ${name}: ${reasons.join("; ")}\n`);
    describe.skip(name, body);
  }
}

function missing(): string[] {
  const tools = TOOLS.filter((tool) => findTool(tool) === undefined);
  const assets = (["istio-charts", "gateway-api-crds"] as const).filter((a) => findAsset(a) === undefined);
  const absent = [...tools, ...assets];
  return absent.length === 0
    ? []
    : [`${absent.join(", ")} missing; install: npx meshwright doctor --install`];
}

/** A network of its own needs Linux, and either root or user namespaces. */
function closed(): string[] {
  if (process.platform !== "linux") return ["needs Linux"];
  const user = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const { status } = spawnSync("unshare", [...user, "--net", "--pid", "--fork", "--mount-proc", "true"]);
  return status === 0 ? [] : ["needs root, or a kernel that lets users make namespaces"];
}
