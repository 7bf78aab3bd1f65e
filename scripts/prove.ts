// `npm run prove`: the whole suite and every figure, the dated result in docs/proof/.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { ensureTools, groups } from "../embedded/tools";

const root = join(__dirname, "..");

interface Part {
  readonly title: string;
  readonly args: readonly string[];
}

const PARTS: readonly Part[] = [
  { title: "The whole suite", args: ["test"] },
  { title: "Program start", args: ["bench", "startup"] },
  { title: "Up, second up, refresh", args: ["bench", "up"] },
];

function run({ title, args }: Part): {
  readonly title: string;
  readonly code: number;
  readonly said: string;
} {
  process.stderr.write(`${title}: npm run ${args.join(" ")}\n`);
  const ran = spawnSync(process.execPath, [join(root, "bin", "door.cjs"), ...args], {
    cwd: root,
    env: { ...process.env, MESHWRIGHT_PROVE: "1" },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 64 * 1024 * 1024,
  });
  return { title, code: ran.status ?? 1, said: ran.stdout.trim() };
}

/** What only proofs need; without it they are skipped, and say so. */
async function prepare(): Promise<void> {
  const progress = (line: string): void => void process.stderr.write(`${line}\n`);
  await ensureTools(groups.prove, progress).catch((error: unknown) => {
    progress(`left out: ${error instanceof Error ? error.message : String(error)}`);
  });
}

export function main(): void {
  void prepare().then(prove);
}

function prove(): void {
  const date = new Date().toISOString().slice(0, 10);
  const results = PARTS.map(run);
  const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.versions.node}`;
  const sections = results.map(
    ({ title, code, said }) => `## ${title}\n\nexit ${code}\n\n\`\`\`\n${said}\n\`\`\`\n`,
  );
  const file = join(root, "docs", "proof", `${date}.md`);
  mkdirSync(join(root, "docs", "proof"), { recursive: true });
  writeFileSync(file, `# Proof of ${date}\n\n\`npm run prove\` on ${machine}.\n\n${sections.join("\n")}`);
  process.stdout.write(`written: docs/proof/${date}.md\n`);
  process.exit(results.some(({ code }) => code !== 0) ? 1 : 0);
}
