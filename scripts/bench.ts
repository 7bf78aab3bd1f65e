// `npm run bench [startup|up|compile] [-- --runs N]`: every figure is a ratio of two sides run in turn in one process.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const BENCHES = ["startup", "up", "compile"] as const;

export function main(args: readonly string[]): void {
  const chosen = BENCHES.filter((name) => args.includes(name));
  const rest = args.filter((arg) => !BENCHES.some((name) => name === arg));
  for (const name of chosen.length > 0 ? chosen : BENCHES) {
    const file = join(__dirname, "..", "bench", `${name}.ts`);
    const ran = spawnSync(process.execPath, ["--require", "tsx/cjs", file, ...rest], {
      cwd: join(__dirname, ".."),
      stdio: "inherit",
    });
    if (ran.status !== 0) process.exit(ran.status ?? 1);
  }
}
