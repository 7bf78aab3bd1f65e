import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withLock } from "../../embedded/cluster/lock";
import { identify } from "../../embedded/cluster/process";

const folder = mkdtempSync(join(tmpdir(), "meshwright-lock-"));
const lock = (file: string, progress: (line: string) => void = () => undefined) => ({
  file: join(folder, "deep", file),
  what: "start of cluster demo",
  progress,
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("a lock", () => {
  test("lets one at a time through, tells those who wait, and leaves nothing behind", async () => {
    const told: string[] = [];
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 30));
      inside--;
    };
    await Promise.all(
      Array.from({ length: 8 }, () =>
        withLock(
          lock("shared", (line) => told.push(line)),
          work,
        ),
      ),
    );
    expect(most).toBe(1);
    expect(told).toContain(`waiting for process ${process.pid} to finish: start of cluster demo`);
    expect(readdirSync(join(folder, "deep"))).toEqual([]);
  });

  test("is given back when the work fails", async () => {
    await expect(withLock(lock("failed"), () => Promise.reject(new Error("broken")))).rejects.toThrow(
      "broken",
    );
    expect(existsSync(lock("failed").file)).toBe(false);
  });

  test.each([
    ["of a process that is gone", JSON.stringify({ pid: 2 ** 22 + 1, started: "1@x" })],
    ["whose pid was given to another process", JSON.stringify({ ...identify(process.pid), started: "1@x" })],
    ["that cannot be read", "{"],
  ])("%s is taken over, by one", async (_, content) => {
    const request = lock("stale");
    writeFileSync(request.file, content);
    let inside = 0;
    const work = async () => {
      expect(++inside).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 10));
      inside--;
    };
    await Promise.all(Array.from({ length: 5 }, () => withLock(request, work)));
    expect(readdirSync(join(folder, "deep"))).toEqual([]);
  });
});
