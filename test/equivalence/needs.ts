import { spawnSync } from "node:child_process";
import { findAsset, findTool } from "../../embedded/tools";
import type { ToolName } from "../../embedded/tools/types";
import { consulProgram, NO_CONSUL } from "../support/consul/program";

/** Each of a laboratory's meshes, or nothing: where it cannot be, the tests are skipped with a reason; in CI they fail. */
export function describeWithIstio(name: string, body: () => void): void {
  const tools = missing(["etcd", "kube-apiserver", "pilot-discovery", "envoy"]);
  const assets = (["istio-charts", "gateway-api-crds"] as const).filter((a) => findAsset(a) === undefined);
  describeUnless(name, [...closed(), ...named([...tools, ...assets])], body);
}

/** Consul's agent takes minutes to build and is for these tests alone, so that no machine has to have it, CI included. */
export function describeWithConsul(name: string, body: () => void): void {
  if (consulProgram() !== undefined) {
    describeUnless(name, [...closed(), ...named(missing(["envoy"]))], body);
    return;
  }
  process.stderr.write(`skipped: ${name}: ${NO_CONSUL}\n`);
  describe.skip(name, body);
}

function describeUnless(name: string, reasons: readonly string[], body: () => void): void {
  if (reasons.length === 0) describe(name, body);
  else if (process.env["CI"] === "true") test(name, () => expect(reasons).toEqual([]));
  else {
    process.stderr.write(`skipped: ${name}: ${reasons.join("; ")}\n`);
    describe.skip(name, body);
  }
}

function missing(tools: readonly ToolName[]): string[] {
  return tools.filter((tool) => findTool(tool) === undefined);
}

function named(absent: readonly string[]): string[] {
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
