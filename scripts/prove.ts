// `npm run prove [suite permutations equivalence …]`: every proof and figure, the dated result in docs/proof/.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { ensureTools, groups, type ToolName } from "../embedded/tools";
import { sectionsOf, pageOf, type Sections } from "./proof-page";

const root = join(__dirname, "..");
const folder = join(root, "docs", "proof");

interface Part {
  readonly name: string;
  readonly title: string;
  readonly args: readonly string[];
  /** What it needs besides what the suite has. */
  readonly tools?: readonly ToolName[];
}

const APART = ["test/equivalence", "test/unit/mesh/permutations"];

/** The shortest first, so that the figures stand whatever becomes of the long ones. */
export const PARTS: readonly Part[] = [
  { name: "permutations", title: "Plans of 10,000 permutations", args: ["test", APART[1] ?? ""] },
  { name: "compile", title: "Compiling 1,000 and 10,000 services", args: ["bench", "compile"] },
  { name: "startup", title: "Program start", args: ["bench", "startup"] },
  { name: "up", title: "Up, second up, refresh", args: ["bench", "up"] },
  { name: "istio", title: "Equivalence with Istio", args: ["test", "test/equivalence/istio"] },
  {
    name: "consul",
    title: "Equivalence with Consul",
    args: ["test", "test/equivalence/consul"],
    tools: groups.prove,
  },
  {
    name: "suite",
    title: "The rest of the suite",
    args: ["test", ...APART.map((path) => `--testPathIgnorePatterns=${path}`)],
  },
];

function run({ title, args }: Part): { readonly code: number; readonly said: string } {
  process.stderr.write(`${title}: npm run ${args.join(" ")}\n`);
  const ran = spawnSync(process.execPath, [join(root, "bin", "door.cjs"), ...args], {
    cwd: root,
    env: { ...process.env, MESHWRIGHT_PROVE: "1" },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: ran.status ?? 1, said: ran.stdout.trim() };
}

function chosen(names: readonly string[]): readonly Part[] {
  const unknown = names.filter((name) => !PARTS.some((part) => part.name === name));
  if (unknown.length > 0) {
    const known = PARTS.map(({ name }) => name).join(", ");
    process.stderr.write(`there is no part ${unknown.join(", ")}: the parts are ${known}\n`);
    process.exit(2);
  }
  return PARTS.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** Builds what is missing. A proof whose tools cannot be had is skipped, and says so. */
async function prepare(parts: readonly Part[]): Promise<void> {
  const progress = (line: string): void => void process.stderr.write(`${line}\n`);
  await ensureTools([...new Set(parts.flatMap((p) => p.tools ?? []))], progress).catch((error: unknown) => {
    progress(error instanceof Error ? error.message : String(error));
  });
}

export function main(names: readonly string[]): void {
  const parts = chosen(names);
  void prepare(parts).then(() => prove(parts));
}

/** Writes the page after each part: what is proved stays so, whatever becomes of the next. */
function prove(parts: readonly Part[]): void {
  const date = new Date().toISOString().slice(0, 10);
  const file = join(folder, `${date}.md`);
  const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.versions.node}`;
  let sections: Sections = existsSync(file) ? sectionsOf(readFileSync(file, "utf8")) : new Map();
  mkdirSync(folder, { recursive: true });
  let failed = 0;
  for (const part of parts) {
    const { code, said } = run(part);
    if (code !== 0) failed += 1;
    const text = `\`npm run ${part.args.join(" ")}\`, exit ${code}\n\n\`\`\`\n${said}\n\`\`\``;
    sections = new Map([...sections, [part.title, text]]);
    writeFileSync(file, pageOf({ date, machine, sections }));
  }
  process.stdout.write(`written: docs/proof/${date}.md\n`);
  process.exit(failed > 0 ? 1 : 0);
}
