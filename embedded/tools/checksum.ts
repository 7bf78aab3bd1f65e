import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";

const digest = /^[0-9a-f]{64}$/i;

/** The sha256 of a file in a checksum file: a bare digest, or lines of `sha256  name` as sha256sum writes them. */
export function sha256For(checksums: string, fileName: string): string | undefined {
  const lines = checksums.split("\n").map((line) => line.trim().split(/\s+/));
  const named = lines.find(([, name]) => name?.replace(/^\*/, "").split("/").pop() === fileName);
  const bare = lines.length <= 2 && lines[0]?.length === 1 ? lines[0] : undefined;
  const found = (named ?? bare)?.[0];
  return found !== undefined && digest.test(found) ? found.toLowerCase() : undefined;
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
