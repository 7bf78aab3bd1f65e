import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatDuration } from "../../lib";
import type { SeededReport } from "./judge/seeded";
import type { Report } from "./judge/tally";

const ROOT = join(__dirname, "..", "..");

/** Whether all is to be proved, or a sample will do. */
export const PROVE = process.env["MESHWRIGHT_PROVE"] === "1";
export const HOUR = 3600 * 1000;

/** The options of main.ts. */
export interface Options {
  readonly [name: string]: string | number;
}

/** Runs a session in a laboratory of its own, which is gone afterwards with everything that it started. */
export function run(options: Options): Promise<Report> {
  return laboratory(options);
}

/** Spoils plans on purpose and looks whether that is seen. */
export function seededRun(): Promise<SeededReport> {
  return laboratory({ defects: "all" });
}

async function laboratory<T>(options: Options): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "meshwright-lab-"));
  const given = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const argv = ["--import", "tsx", join(__dirname, "main.ts"), `--folder=${folder}`, ...given];
  const enter = join(__dirname, "lab", "enter.sh");
  try {
    return JSON.parse(await output(enter, [process.execPath, ...argv])) as T;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Capabilities that were to be judged, and had a part in no pair. */
export function unproved({ capabilities }: Report): string[] {
  return Object.entries(capabilities).flatMap(([id, pairs]) => (pairs === 0 ? [id] : []));
}

function output(file: string, argv: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, argv, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (out += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      said = `${said}${chunk}`.slice(-4000);
      if (PROVE) process.stderr.write(chunk);
    });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(out) : reject(new Error(`the laboratory ended with ${code}: ${said}`)),
    );
  });
}

/** A few lines on a session, mismatches in full. */
export function summary({ pairs, intents, seconds, sent, mismatches, unsteady, refusals }: Report): string {
  const speed = Math.round((pairs / Math.max(1, seconds)) * 60);
  const head = `${pairs} pairs of ${intents} intents, ${sent} calls in ${formatDuration(Math.round(seconds * 1000))}: ${speed} pairs a minute; ${mismatches.length} different, ${unsteady.length} only once, ${refusals.length} refused`;
  const wrong = mismatches.map((m) => JSON.stringify(m, undefined, 1));
  const refused = refusals.slice(0, 3).map((r) => JSON.stringify(r));
  return [head, ...wrong, ...refused].join("\n");
}
