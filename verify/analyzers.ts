import { execFile } from "node:child_process";
import { findTool } from "../embedded/tools";
import type { VerifiedCheck } from "./report";
import type { Finding } from "./types";

interface Message {
  readonly code: string;
  readonly level: "Info" | "Warning" | "Error";
  readonly message: string;
  readonly origin?: string;
  readonly documentationUrl?: string;
}

/** Messages that are not faults here: code → why. Keep each with its reason. */
const TOLERATED: { readonly [code: string]: string } = {};

const TIMEOUT_MS = 60_000;

/** Runs istioctl's analyzers over the whole cluster: errors and warnings are findings. Skipped without istioctl. */
export async function analyzers(kubeconfig: string, context?: string): Promise<VerifiedCheck> {
  const check = { id: "analyzers", title: "istioctl's analyzers find no error and no warning" };
  const istioctl = findTool("istioctl");
  if (istioctl === undefined) {
    const reason = "istioctl is not installed (`meshwright doctor` says how to get it)";
    return { ...check, status: "skipped", reason, figures: {}, findings: [] };
  }
  const of = context === undefined ? [] : ["--context", context];
  const flags = ["--all-namespaces", "--output", "json", "--kubeconfig", kubeconfig, ...of];
  const messages = parse(await run(istioctl.path, ["analyze", ...flags]));
  const grave = messages.filter(
    (message) => message.level !== "Info" && TOLERATED[message.code] === undefined,
  );
  const findings = grave.map(findingOf);
  const figures = {
    messages: messages.length,
    "errors and warnings": findings.length,
    istioctl: istioctl.version,
  };
  return { ...check, status: findings.length > 0 ? "failed" : "passed", figures, findings };
}

function findingOf({ code, level, message, origin, documentationUrl }: Message): Finding {
  return {
    where: origin ?? "the cluster",
    message: `${level.toLowerCase()} ${code}: ${message}`,
    ...(documentationUrl !== undefined && { hint: documentationUrl }),
  };
}

function parse(output: string): readonly Message[] {
  try {
    return (JSON.parse(output) ?? []) as readonly Message[];
  } catch {
    throw new Error(`istioctl analyze did not answer in JSON: ${output.slice(0, 300)}`);
  }
}

/** Findings make it exit with a code of their own, so only an answer that is missing is a failure. */
function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout: TIMEOUT_MS, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (stdout.trim() !== "" || error === null) resolve(stdout);
      else reject(new Error(`istioctl analyze failed: ${stderr.trim() || error.message}`));
    });
  });
}
