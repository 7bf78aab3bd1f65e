import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { VERSION } from "./version";

const MARK = "# Meshwright's offline Kubernetes provider";
const MARK_BYTES = 200;

/**
 * Writes the launcher of the offline provider where the engine looks for the official one, and returns its path.
 * Does nothing if it is there already; an official plugin is never touched, its path is returned instead.
 */
export function installOfflineProvider(pulumiHome: string): string {
  const folder = join(pulumiHome, "plugins", `resource-kubernetes-v${VERSION}`);
  const path = join(folder, "pulumi-resource-kubernetes");
  if (existsSync(path) && !isOffline(path)) return path;
  const script = launcherScript(folder);
  if (!existsSync(path) || readFileSync(path, "utf8") !== script) {
    mkdirSync(folder, { recursive: true });
    const unfinished = `${path}.${process.pid}`;
    writeFileSync(unfinished, script, { mode: 0o755 });
    renameSync(unfinished, path);
  }
  return path;
}

/** Whether a plugin binary is this stand-in. */
export function isOffline(path: string): boolean {
  const head = Buffer.alloc(MARK_BYTES);
  const file = openSync(path, "r");
  try {
    readSync(file, head);
  } finally {
    closeSync(file);
  }
  return head.includes(MARK);
}

/** `exec`, so that the plugin is the engine's own child and ends with it. */
function launcherScript(folder: string): string {
  const launch = join(__dirname, "../plugin/launch.cjs");
  const words = [process.execPath, launch, join(__dirname, "main.ts"), join(folder, "bundle.cjs")].map(
    quoted,
  );
  return `#!/bin/sh\n${MARK}, standing in for the official plugin\nexec ${words.join(" ")} "$@"\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
