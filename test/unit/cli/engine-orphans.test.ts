import { spawn, type ChildProcess } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endOrphans } from "../../../cli/engine-orphans";

const folder = mkdtempSync(join(tmpdir(), "meshwright-orphans-"));
const host = join(folder, "pulumi-language-test");
const engine = join(folder, "pulumi");
const started: ChildProcess[] = [];
const onLinux = process.platform === "linux" ? test : test.skip;

const home = (name: string) => ({
  folder,
  backendUrl: "file:///nowhere",
  ownsBackend: true,
  env: { PULUMI_HOME: join(folder, name) },
});

function start(command: string, args: readonly string[], name: string): ChildProcess {
  const env = { PATH: process.env["PATH"], ...home(name).env };
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "ignore"] });
  started.push(child);
  return child;
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

beforeAll(() => {
  copyFileSync("/bin/sleep", host);
  copyFileSync("/bin/sh", engine);
});
afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

onLinux(
  "a language host of this home that has lost its engine is ended; that of another home is not",
  async () => {
    const lost = start(host, ["60"], "mine");
    const other = start(host, ["60"], "theirs");
    const ended = new Promise((done) => lost.once("exit", (_, signal) => done(signal)));
    endOrphans(home("mine"));
    expect(await ended).toBe("SIGTERM");
    expect(other.exitCode ?? other.signalCode).toBeNull();
  },
);

onLinux("one whose engine runs is left alone", async () => {
  const running = start(engine, ["-c", `"${host}" 60 >/dev/null & echo $!; wait`], "mine");
  const pid = await new Promise<number>((done) => running.stdout?.once("data", (text) => done(Number(text))));
  endOrphans(home("mine"));
  expect(alive(pid)).toBe(true);
  process.kill(pid);
});
