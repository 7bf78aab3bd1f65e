import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { deleteCluster, startCluster } from "../embedded/cluster";

/**
 * From the start of the program's process to the first resource it asks for, against a bare import of the Pulumi SDK.
 * Both sides in turn, as often as asked for (`--runs 7`), medians.
 */
const folder = mkdtempSync(join(tmpdir(), "meshwright-bench-"));
process.env["MESHWRIGHT_HOME"] = folder;
const repository = resolve(__dirname, "..");
const runs = Number(process.argv[process.argv.indexOf("--runs") + 1]) || 7;

interface Start {
  readonly first: number;
  readonly object: number;
  readonly resources: number;
}

function bare(): number {
  const script = 'require("@pulumi/pulumi"); console.log(performance.now())';
  return Number(execFileSync("node", ["--eval", script], { cwd: repository, encoding: "utf8" }));
}

function program(): Start {
  // As the language host does it: the SDK's runtime first, then the program, which brings its own way to load TypeScript.
  const before = [
    "--require=@pulumi/pulumi/runtime/stack",
    `--require=${join(repository, "bin/typescript.cjs")}`,
  ];
  const args = [...before, join(__dirname, "startup-program.ts"), join(repository, "stacks")];
  const said = execFileSync("node", args, { cwd: join(repository, "stacks"), encoding: "utf8" });
  return JSON.parse(said.trim().split("\n").pop() ?? "") as Start;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

async function main(): Promise<void> {
  await startCluster({ name: "local", dataPlane: "host" }, () => undefined);
  try {
    measure();
  } finally {
    await deleteCluster("local", () => undefined);
    rmSync(folder, { recursive: true, force: true });
  }
}

function measure(): void {
  program(); // fills the caches of transpiled files and rendered charts
  const pairs = Array.from({ length: runs }, () => ({ bare: bare(), program: program() }));
  const sdk = median(pairs.map((p) => p.bare));
  const first = median(pairs.map((p) => p.program.first));
  const object = median(pairs.map((p) => p.program.object));
  console.log(
    JSON.stringify({
      bench: "startup",
      runs,
      sdkImportMs: Math.round(sdk),
      firstResourceMs: Math.round(first),
      firstObjectMs: Math.round(object),
      ratio: Number((first / sdk).toFixed(2)),
      target: 1.3,
      resources: pairs[0]?.program.resources,
    }),
  );
}

void main();
