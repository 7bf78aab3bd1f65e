import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive, startTicks } from "../../../embedded/node/processes";
import { observe } from "../../../embedded/node/sandbox/container";

describe("a container's run, told by its folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "meshwright-run-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const myself = () => `${process.pid} ${startTicks(process.pid)}\n`;

  test("is none before it begins", () => {
    expect(observe(folder)).toBeUndefined();
  });

  test.each(["", "123", "123 45"])(
    "is still starting while its keeper has only written %j of itself",
    (half) => {
      write("begun", "");
      write("shim", half);
      expect(observe(folder)).toEqual({ state: "starting" });
    },
  );

  test("is running while its keeper lives, and ended with the code that the keeper noted", () => {
    write("begun", "");
    write("shim", myself());
    write("pid", "4194304 1\n");
    expect(observe(folder)).toMatchObject({ state: "running", pid: 4194304 });
    write("exit", "3\n");
    expect(observe(folder)).toMatchObject({ state: "ended", code: 3 });
  });

  test("has ended when its keeper was killed, and what the keeper left behind is killed too", async () => {
    const orphan = spawn("sleep", ["1000"], { stdio: "ignore" });
    const ended = new Promise((resolve) => orphan.once("exit", (_code, signal) => resolve(signal)));
    const pid = orphan.pid ?? 0;
    write("begun", "");
    write("shim", "4194304 1\n");
    write("pid", `${pid} ${startTicks(pid)}\n`);
    expect(observe(folder)).toMatchObject({ state: "ended", code: 137 });
    expect(await ended).toBe("SIGKILL");
    expect(readFileSync(join(folder, "exit"), "utf8")).toBe("137");
  });

  test("a pid that was given to another process is not taken for the old one", () => {
    expect(isAlive(process.pid, startTicks(process.pid) ?? "")).toBe(true);
    expect(isAlive(process.pid, "1")).toBe(false);
  });
});
