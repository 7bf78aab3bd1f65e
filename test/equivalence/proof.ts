import { readFileSync } from "node:fs";
import { capabilityIds } from "../../mesh/capability/ids";
import type { SeededReport } from "./judge/seeded";
import type { Report } from "./judge/tally";

/**
 * Reports of main.ts as a page: `node --import tsx test/equivalence/proof.ts <title>=<file>… [defects=<file>]`.
 */
function main(args: readonly string[]): string {
  const given = args.map((arg) => {
    const [title = "", file = ""] = arg.split("=");
    return { title, json: JSON.parse(readFileSync(file, "utf8")) as unknown };
  });
  const sessions = given
    .filter((g) => g.title !== "defects")
    .map(({ title, json }) => ({ title, report: json as Report }));
  const defects = given.find((g) => g.title === "defects")?.json as SeededReport | undefined;
  return [
    "# Equivalence: real control planes and real Envoys against `outcome`",
    "What was run and how is in test/equivalence/README.md. A pair is an intent and a request, sent for real.",
    overview(sessions),
    ...sessions.map(skipped),
    ...(defects === undefined ? [] : [seeded(defects)]),
    "## Pairs by capability",
    "Pairs in whose outcome a capability had a part; – where it is not judged, or the mesh lacks it.",
    byCapability(sessions),
  ].join("\n\n");
}

interface Session {
  readonly title: string;
  readonly report: Report;
}

function overview(sessions: readonly Session[]): string {
  const head =
    "| | intents | pairs | calls | pairs a minute | different | only once | refused |\n|---|--:|--:|--:|--:|--:|--:|--:|";
  const rows = sessions.map(({ title, report: r }) => {
    const speed = Math.round((r.pairs / r.seconds) * 60);
    return `| ${[title, r.intents, r.pairs, r.sent, speed, r.mismatches.length, r.unsteady.length, r.refusals.length].join(" | ")} |`;
  });
  return [head, ...rows].join("\n");
}

function skipped({ title, report }: Session): string {
  const kinds = Object.entries(report.outcomes).map(([kind, count]) => `${kind} ${count}`);
  const reasons = Object.entries(report.skipped).map(([why, count]) => `${why} (${count})`);
  return `**${title}**: ${kinds.join(", ")}. Not judged: ${reasons.length === 0 ? "nothing" : reasons.join("; ")}.`;
}

function seeded({ caught, refused, missed }: SeededReport): string {
  const all = caught.length + refused.length + missed.length;
  return `**Defects on purpose** in plans of VirtualServices: ${all}, of which ${caught.length} were seen in answers, ${refused.length} refused by istiod or Envoy, ${missed.length} missed${missed.length === 0 ? "" : ` (${missed.join("; ")})`}.`;
}

function byCapability(sessions: readonly Session[]): string {
  const head = `| capability | ${sessions.map((s) => s.title).join(" | ")} |\n|---|${sessions.map(() => "--:|").join("")}`;
  const rows = capabilityIds.flatMap((id) => {
    const counts = sessions.map(({ report }) => report.capabilities[id]);
    return counts.every((c) => c === undefined)
      ? []
      : [`| ${id} | ${counts.map((c) => c ?? "–").join(" | ")} |`];
  });
  return [head, ...rows].join("\n");
}

process.stdout.write(`${main(process.argv.slice(2))}\n`);
