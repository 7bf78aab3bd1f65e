import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Defect } from "./defect";
import { testsOf } from "./judges";

const ROOT = join(__dirname, "..", "..");
/** Random intents of a judge of meaning: enough for each defect of the table, so few that hundreds take minutes. */
const CASES = "200";

export interface Verdict {
  readonly defect: Defect;
  /** The first test that failed for it; absent where none did. */
  readonly seenBy?: string;
  /** Why no test could run: that the source does not even load says nothing of the suite. */
  readonly broken?: string;
}

interface Ran {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Runs the tests of a defect's judge with the defect in place. */
export async function judge(defect: Defect): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), "meshwright-defect-"));
  const report = join(folder, "report.json");
  const argv = ["--config=test/defects/jest.config.cjs", "--json", `--outputFile=${report}`, "--runInBand"];
  try {
    await jest([...argv, ...testsOf(defect)], JSON.stringify(defect));
    const { testResults } = JSON.parse(readFileSync(report, "utf8")) as Ran;
    const all = testResults.flatMap((file) => file.assertionResults);
    const ran = all.filter((a) => a.status === "passed" || a.status === "failed");
    if (ran.length === 0) return { defect, broken: testResults[0]?.message ?? "no test ran" };
    const seenBy = ran.find((a) => a.status === "failed")?.fullName;
    return { defect, ...(seenBy !== undefined && { seenBy }) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function jest(argv: readonly string[], defect: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, "node_modules", "jest", "bin", "jest.js"), ...argv], {
      cwd: ROOT,
      stdio: "ignore",
      // A golden must never be written with a defect in it.
      env: { ...process.env, MESHWRIGHT_DEFECT: defect, MEANING_CASES: CASES, UPDATE_GOLDENS: "0", CI: "" },
    });
    child.on("error", reject);
    child.on("close", () => resolve());
  });
}

/** Each defect by itself, some at a time. */
export async function judgeAll(
  defects: readonly Defect[],
  atOnce: number,
  tell: (verdict: Verdict) => void,
): Promise<Verdict[]> {
  const left = [...defects];
  const verdicts: Verdict[] = [];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const verdict = await judge(next);
      verdicts.push(verdict);
      tell(verdict);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return verdicts;
}
