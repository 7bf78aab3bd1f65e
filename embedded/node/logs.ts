import { copyFileSync, existsSync, statSync, truncateSync } from "node:fs";

const LIMIT_BYTES = 10 << 20;

/** Keeps a log that others append to below twice 10 MB: what was written so far goes to `<file>.1`. */
export function boundLog(file: string): void {
  if (file.endsWith(".1") || !existsSync(file) || statSync(file).size < LIMIT_BYTES) return;
  copyFileSync(file, `${file}.1`);
  truncateSync(file);
}
