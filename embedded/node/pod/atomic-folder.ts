import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
} from "node:fs";
import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { VolumeFiles } from "./volume-files";

function current(folder: string): string | undefined {
  try {
    return join(folder, readlinkSync(join(folder, "..data")));
  } catch {
    return undefined;
  }
}

function filesBelow(folder: string, prefix = ""): string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(folder, path) : [path];
  });
}

function isSame(folder: string, files: VolumeFiles): boolean {
  const now = current(folder);
  if (now === undefined || !existsSync(now)) return false;
  const present = filesBelow(now);
  if (present.length !== files.size) return false;
  return [...files].every(
    ([path, { content }]) => present.includes(path) && readFileSync(join(now, path)).equals(content),
  );
}

/** Makes the visible names links into `..data`, and takes away those that no file stands behind any more. */
function linkNames(folder: string, files: VolumeFiles): void {
  const names = new Set([...files.keys()].map((path) => path.split("/")[0] ?? path));
  for (const name of readdirSync(folder)) {
    const isLink = lstatSync(join(folder, name)).isSymbolicLink();
    if (isLink && !name.startsWith("..") && !names.has(name)) rmSync(join(folder, name));
  }
  for (const name of names) {
    const link = join(folder, name);
    if (!lstatSync(link, { throwIfNoEntry: false })) symlinkSync(join("..data", name), link);
  }
}

/**
 * Brings the folder to hold exactly these files, all changing at one instant: they lie in a folder of their own, and
 * the link `..data` is moved to it, the way a kubelet does it and programs that watch their configuration expect it.
 * @returns whether anything changed
 */
export function writeAtomically(folder: string, files: VolumeFiles, group: number | undefined): boolean {
  mkdirSync(folder, { recursive: true });
  if (isSame(folder, files)) return false;
  const before = current(folder);
  let name = `..${Date.now()}`;
  while (existsSync(join(folder, name))) name += "0";
  const fresh = join(folder, name);
  mkdirSync(fresh, { mode: 0o755 });
  for (const [path, { content, mode }] of files) {
    if (path.startsWith("/") || path.split("/").includes(".."))
      throw new Error(`${path} leads out of the volume`);
    mkdirSync(dirname(join(fresh, path)), { recursive: true, mode: 0o755 });
    writeFileSync(join(fresh, path), content);
    chmodSync(join(fresh, path), group === undefined ? mode : mode | 0o440);
    if (group !== undefined) chownSync(join(fresh, path), 0, group);
  }
  rmSync(join(folder, "..data.new"), { force: true });
  symlinkSync(name, join(folder, "..data.new"));
  renameSync(join(folder, "..data.new"), join(folder, "..data"));
  linkNames(folder, files);
  if (before !== undefined) rmSync(before, { recursive: true, force: true });
  return true;
}
