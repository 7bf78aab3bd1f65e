// `npm test`: installs the tools that the suite runs, then runs the suite. Arguments go to jest.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { ensureAssets, ensureTools, groups, toolsPath } from "../embedded/tools";

interface JestSummary {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly status: string;
      readonly title: string;
      readonly ancestorTitles: readonly string[];
    }[];
  }[];
}

const DATA_PLANE = /\[data plane\]/;

function runJest(args: readonly string[], outputFile: string): Promise<number> {
  const jest = join(__dirname, "..", "node_modules", "jest", "bin", "jest.js");
  const child = spawn(process.execPath, [jest, "--json", `--outputFile=${outputFile}`, ...args], {
    // Proofs print what they counted.
    stdio: ["ignore", process.env["MESHWRIGHT_PROVE"] === "1" ? "inherit" : "ignore", "inherit"],
    // Tests with a cache of their own find the tools on PATH.
    env: {
      ...process.env,
      PATH: [toolsPath(), process.env["PATH"]].join(delimiter),
      NODE_OPTIONS: "--max-old-space-size=4096",
    },
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.on("close", (code) => resolve(code ?? 1)));
}

/** Names of data-plane tests that did not run; none may be missing where the data plane is required. */
function skippedDataPlane(summary: JestSummary): readonly string[] {
  return summary.testResults
    .flatMap((file) => file.assertionResults)
    .map((test) => ({ status: test.status, name: [...test.ancestorTitles, test.title].join(" › ") }))
    .filter((test) => DATA_PLANE.test(test.name) && test.status !== "passed" && test.status !== "failed")
    .map((test) => test.name);
}

async function run(args: readonly string[]): Promise<number> {
  const progress = (line: string): void => void process.stderr.write(`${line}\n`);
  await ensureTools([...groups.engine, ...groups.cluster, ...groups.dataplane, ...groups.verify], progress);
  await ensureAssets(progress);
  const scratch = mkdtempSync(join(tmpdir(), "meshwright-test-"));
  try {
    const outputFile = join(scratch, "jest.json");
    const code = await runJest(args, outputFile);
    const summary = JSON.parse(readFileSync(outputFile, "utf8")) as JestSummary;
    const required = process.env["MESHWRIGHT_REQUIRE_DATA_PLANE"] === "1" && args.length === 0;
    const skipped = required ? skippedDataPlane(summary) : [];
    for (const name of skipped)
      process.stderr.write(`the data plane is required here but was skipped: ${name}\n`);
    process.stdout.write(
      `meshwright: ${summary.numPassedTests} passed, ${summary.numFailedTests} failed, ${summary.numPendingTests} skipped\n`,
    );
    return code !== 0 || skipped.length > 0 ? 1 : 0;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

export function main(args: readonly string[]): void {
  run(args).then(
    (code) => process.exit(code),
    (error: unknown) => {
      process.stderr.write(`meshwright test: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    },
  );
}
