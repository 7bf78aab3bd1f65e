import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { compile, configureMesh, parseIntent } from "../../../mesh";
import { checks } from "../../../verify/checks";
import { expectedOf } from "../../../verify/expected";
import type { Expected, Finding, Observed } from "../../../verify/types";

/** What real proxies were told while the sample was deployed as the fault of this name says; see faults.ts. */
export function observedWith(fault: string): Observed {
  return JSON.parse(readFileSync(join(__dirname, "fixtures", `${fault}.json`), "utf8")) as Observed;
}

/** The sample's intent, changed as asked before it is read. */
export function expectedWith(change: (raw: Record<string, unknown>) => void = () => undefined): Expected {
  const file = join(__dirname, "..", "..", "..", "examples", "bookinfo", "intent.yaml");
  const raw = parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  change(raw);
  const intent = parseIntent(raw);
  const mesh = configureMesh({ kind: "istio" });
  if (!intent.ok || !mesh.ok) throw new Error(JSON.stringify([intent, mesh]));
  const cluster = {
    ...{ kubernetesVersion: "1.36.3", loadBalancer: false, netAdmin: true, proxy: "stock" as const },
    ...{ webhooks: { kind: "service" as const }, gatewayApi: { owner: "us" as const } },
  };
  const plan = compile(intent.value, mesh.value, { cluster });
  const expected = plan.ok ? expectedOf(intent.value, plan.value) : undefined;
  if (expected === undefined) throw new Error(JSON.stringify(plan));
  return expected;
}

/** The findings of every check that has some. */
export function findings(
  observed: Observed,
  expected: Expected,
): { readonly [id: string]: readonly Finding[] } {
  const all = checks.map(({ id, check }) => [id, check(observed, expected).findings] as const);
  return Object.fromEntries(all.filter(([, found]) => found.length > 0));
}

/** Findings as lines. */
export function lines(found: readonly Finding[] | undefined): string[] {
  return (found ?? []).map((finding) => `${finding.where}: ${finding.message}`);
}
