import { homedir } from "node:os";
import { join } from "node:path";

/** Tools, charts and renders: can be deleted at any time, is rebuilt at a cost. */
export function cacheDir(): string {
  return (
    process.env["MESHWRIGHT_CACHE"] ??
    join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "meshwright")
  );
}

/** Clusters and stack state: what `npm run down` takes away. */
export function stateDir(): string {
  return (
    process.env["MESHWRIGHT_HOME"] ??
    join(process.env["XDG_STATE_HOME"] ?? join(homedir(), ".local", "state"), "meshwright")
  );
}

export function clusterDir(name: string): string {
  return join(stateDir(), "clusters", name);
}
