import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import type { EngineHome } from "./engine-home";

/**
 * Ends what a killed engine left running. Its language host notices only after five minutes that nobody asks it
 * anything any more. Linux only, where other processes' variables can be read; elsewhere they end by themselves.
 */
export function endOrphans(home: EngineHome): void {
  const processes = listed();
  for (const [pid, found] of processes) {
    if (!isHost(found) || found.home() !== home.env["PULUMI_HOME"]) continue;
    // The engine's own child as long as the engine is there; then whoever takes up orphans is its parent.
    const parent = processes.get(found.parent);
    if (parent !== undefined && basename(parent.words[0] ?? "") === "pulumi") continue;
    try {
      process.kill(pid);
    } catch {
      // It ended in between.
    }
  }
}

interface Process {
  readonly words: readonly string[];
  readonly parent: number;
  readonly home: () => string | undefined;
}

function isHost({ words }: Process): boolean {
  return words.slice(0, 2).some((word) => basename(word).startsWith("pulumi-language-"));
}

function listed(): Map<number, Process> {
  const pids = process.platform === "linux" ? readdirSync("/proc").map(Number) : [];
  const found = pids.filter((pid) => pid > 0).map((pid): [number, Process] => [pid, described(pid)]);
  return new Map(found);
}

function described(pid: number): Process {
  const stat = read(pid, "stat");
  return {
    words: read(pid, "cmdline").split("\0"),
    // The fields after the name, which may hold anything.
    parent: Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]),
    home: () =>
      read(pid, "environ")
        .split("\0")
        .find((line) => line.startsWith("PULUMI_HOME="))
        ?.slice("PULUMI_HOME=".length),
  };
}

/** Empty for a process that is gone, or somebody else's. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
