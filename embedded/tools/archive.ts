// Takes files out of a tar.gz. An archive that is cut short, or names a path outside itself, gives nothing at all.
import { createReadStream, createWriteStream, mkdirSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

/** Where a file of the archive goes, relative to the target folder; undefined leaves it out. */
export type Selection = (entry: string) => string | undefined;

function leavesItsFolder(path: string): boolean {
  return isAbsolute(path) || path.split(/[\\/]/).includes("..");
}

/** Returns the entries that were taken. Throws where the archive is broken or unsafe, or a selected entry is no file. */
export async function unpack(archive: string, target: string, select: Selection): Promise<readonly string[]> {
  const taken: string[] = [];
  const { extract } = await import("tar-stream"); // 40 ms that only an installation needs
  const tar = extract();
  const source = pipeline(createReadStream(archive), createGunzip(), tar);
  source.catch(() => undefined); // also thrown by the loop; both are awaited below
  for await (const entry of tar) {
    const name = entry.header.name.replace(/^\.\//, "");
    if (leavesItsFolder(name)) throw new Error(`the archive names a path outside itself: ${name}`);
    const destination = entry.header.type === "directory" ? undefined : select(name);
    if (destination === undefined) {
      entry.resume();
      continue;
    }
    if (entry.header.type !== "file") throw new Error(`${name} is a ${entry.header.type}, not a file`);
    const path = join(target, destination);
    mkdirSync(dirname(path), { recursive: true });
    await pipeline(
      entry,
      createWriteStream(path, { mode: entry.header.mode === undefined ? 0o644 : entry.header.mode | 0o600 }),
    );
    taken.push(name);
  }
  await source;
  return taken;
}
