import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findInCache } from "../../../embedded/tools/cache";
import { installTools } from "../../../embedded/tools/install";
import { isAlive } from "../../../embedded/tools/lock";
import type { Site } from "../../../embedded/tools/site";
import type { DownloadSource, GoSource } from "../../../embedded/tools/spec";
import { ReleaseServer, sha256, tarGz } from "./release-server";
import { clean, folder, listener, program, site, spec, write } from "./site";

const path = "releases.test/helm.tar.gz";
const source: DownloadSource = {
  kind: "download",
  platforms: { "linux-amd64": "linux-amd64" },
  url: `https://${path}`,
  checksums: `https://${path}.sha256`,
  member: "helm",
};

let server: ReleaseServer;
let children: ChildProcess[] = [];
beforeEach(async () => {
  server = await ReleaseServer.start();
});
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  children = [];
  await server.stop();
  clean();
});

function downloading(): Site {
  return site([spec("helm", [source])], {
    env: { PATH: "/nowhere", MESHWRIGHT_DOWNLOAD_MIRROR: server.mirror },
    patience: { probeMs: 3_000, stallMs: 60_000 },
  });
}

async function publish(delivery: "whole" | "stuck"): Promise<Buffer> {
  const noise = Array.from({ length: 20_000 }, (_, i) => sha256(String(i))).join("");
  const archive = await tarGz({ helm: program("1.2.3"), noise });
  server.put(path, archive, delivery);
  server.put(`${path}.sha256`, sha256(archive));
  return archive;
}

/** The installer as a process, with what it says. */
function installer(where: Site): { child: ChildProcess; said(): string; ended: Promise<unknown> } {
  const file = write(join(folder(), "site.json"), JSON.stringify(where));
  const script = join(__dirname, "run-installer.ts");
  const child = spawn(process.execPath, ["--require", "tsx/cjs", script, file], { stdio: "pipe" });
  children.push(child);
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  child.stderr.on("data", (data: Buffer) => (output += data.toString()));
  return { child, said: () => output, ended: once(child, "exit") };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(20);
}

const lockFile = (where: Site): string => join(where.cache, "tools", "lock");
const staging = (where: Site): readonly string[] => readdirSync(join(where.cache, "tools", ".staging"));
const partSize = (where: Site): number => {
  const parts = join(where.cache, "tools", ".downloads");
  const [part] = existsSync(parts) ? readdirSync(parts) : [];
  return part === undefined ? 0 : readFileSync(join(parts, part)).length;
};

test("after kill -9 in the middle of a download the next run goes on where it stopped", async () => {
  const archive = await publish("stuck");
  const where = downloading();
  const first = installer(where);
  await until(() => partSize(where) > 0);
  first.child.kill("SIGKILL");
  await first.ended;
  const had = partSize(where);
  expect(existsSync(lockFile(where))).toBe(true);
  expect(staging(where)).toHaveLength(1);

  await publish("whole");
  const tools = await installTools(where, ["helm"], () => undefined);
  expect(tools.get("helm")?.version).toBe("1.2.3");
  expect(had).toBeLessThan(archive.length);
  expect(server.fetched(path).at(-1)?.range).toBe(`bytes=${had}-`);
  expect(existsSync(lockFile(where))).toBe(false);
  expect(staging(where)).toEqual([]);
});

test("a download begun by an earlier run is fetched anew where the release has changed since", async () => {
  const archive = await publish("stuck");
  const where = downloading();
  const first = installer(where);
  await until(() => partSize(where) > 0);
  first.child.kill("SIGKILL");
  await first.ended;
  const changed = await tarGz({ helm: program("1.2.4"), noise: archive });
  server.put(path, changed);
  server.put(`${path}.sha256`, sha256(changed));
  expect((await installTools(where, ["helm"], () => undefined)).get("helm")?.version).toBe("1.2.4");
});

test("a second installation waits for the first, says for whom, and then has nothing to do", async () => {
  await publish("stuck");
  const where = downloading();
  const first = installer(where);
  await until(() => partSize(where) > 0);
  const second = installer(where);
  await until(() => second.said().includes("Waiting"));
  expect(second.said()).toContain(`Waiting for another installation (process ${first.child.pid}) to end`);
  first.child.kill("SIGKILL"); // a holder that is gone holds nothing
  await publish("whole");
  await second.ended;
  expect(second.said()).toMatch(/done/);
});

test("two installations at once install once", async () => {
  await publish("whole");
  const where = downloading();
  await Promise.all([installer(where).ended, installer(where).ended]);
  expect(server.fetched(path)).toHaveLength(1);
  expect(existsSync(lockFile(where))).toBe(false);
});

test.each([
  ["of a process that is gone", "999999999 1"],
  ["of another process that had the same pid before", `${process.pid} 1`],
  ["that was cut short", ""],
])("a lock %s is taken over", async (_, content) => {
  await publish("whole");
  const where = downloading();
  write(lockFile(where), content);
  expect((await installTools(where, ["helm"], () => undefined)).size).toBe(1);
});

test("an entry without its program is not taken for installed, and is made anew", async () => {
  await publish("whole");
  const where = downloading();
  const [tool] = where.manifest.tools;
  if (tool === undefined) throw new Error("the site has no tool");
  const installed = (await installTools(where, ["helm"], () => undefined)).get("helm")?.path ?? "";
  const half = { ...where, cache: folder() };
  mkdirSync(join(installed.replace(where.cache, half.cache), ".."), { recursive: true });
  expect(findInCache(half, tool)).toBeUndefined();
  expect((await installTools(half, ["helm"], () => undefined)).size).toBe(1);
});

test("another user can run what was installed, as proxies do", async () => {
  await publish("whole");
  const path = (await installTools(downloading(), ["helm"], () => undefined)).get("helm")?.path ?? "";
  expect([path, join(path, "..")].map((file) => statSync(file).mode & 0o005)).toEqual([0o005, 0o005]);
});

test("a changed manifest entry never meets the old program", async () => {
  await publish("whole");
  const where = downloading();
  await installTools(where, ["helm"], () => undefined);
  expect(findInCache(where, spec("helm", [source]))).toBeDefined();
  expect(findInCache(where, spec("helm", [{ ...source, member: "other" }]))).toBeUndefined();
  expect(findInCache(where, { ...spec("helm", [source]), version: "1.2.4" })).toBeUndefined();
});

describe("a signal", () => {
  const goSource: GoSource = {
    kind: "go",
    goModule: "tools",
    package: "example.test/helm",
    module: "example.test",
    moduleVersion: "v1.2.3",
  };

  /** A site whose Go starts a child and hangs in the build, so that there is something to end. */
  function building(): { where: Site; pids: string } {
    const pids = join(folder(), "pids");
    const module = folder();
    write(join(module, "go.mod"), "module example.test\n\ngo 1.21\n");
    write(join(module, "go.sum"), "");
    const bin = folder();
    const script = [
      "#!/bin/sh",
      'case "$1" in',
      "env) echo go1.26.0; echo /tmp; echo /tmp;;",
      "list) echo 'true stale';;",
      `build) /bin/sleep 300 & echo $$ $! > ${pids}; wait;;`,
      "esac",
    ];
    write(join(bin, "go"), script.join("\n"), 0o755);
    const plain = site([spec("helm", [goSource])], { env: { PATH: bin } });
    const goModules = { ...plain.manifest.goModules, tools: { folder: module, buildBytes: 0 } };
    return { where: { ...plain, manifest: { ...plain.manifest, goModules } }, pids };
  }

  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s ends the build with all its processes and leaves no lock",
    async (name) => {
      const { where, pids } = building();
      const run = installer(where);
      await until(() => existsSync(pids) && readFileSync(pids, "utf8").includes("\n"));
      const built = readFileSync(pids, "utf8").trim().split(" ").map(Number);
      expect(built.every(isAlive)).toBe(true);
      run.child.kill(name);
      expect(await run.ended).toEqual([null, name]);
      await until(() => !built.some(isAlive));
      expect(existsSync(lockFile(where))).toBe(false);
      expect(staging(where)).toEqual([]);
    },
  );
});

test("a tool that does not run on this system is a clear statement", async () => {
  const linuxOnly = { ...spec("iptables", []), on: ["linux"] };
  const mac = site([linuxOnly], { platform: "darwin-arm64" });
  await expect(installTools(mac, ["iptables"], () => undefined)).rejects.toThrow(
    /cannot be had on darwin:\n {2}iptables \(a test\) runs on linux only/,
  );
});

describe("a system package", () => {
  const tool = spec("iptables", [{ kind: "system-package", debian: "iptables" }]);

  /** An apt-get that installs into PATH, after an update if it asks for one. */
  function apt(needsUpdate: boolean): Site {
    const bin = folder();
    const lists = join(folder(), "lists");
    const script = [
      "#!/bin/sh",
      `echo "$@" >> ${bin}/calls`,
      `[ "$1" = update ] && { /bin/touch ${lists}; exit 0; }`,
      needsUpdate ? `[ -e ${lists} ] || { echo "E: Unable to locate package" >&2; exit 100; }` : ":",
      `/bin/cp ${write(join(folder(), "iptables"), program("1.2.3"), 0o755)} ${bin}/iptables`,
    ];
    write(join(bin, "apt-get"), script.join("\n"), 0o755);
    return site([tool], { env: { PATH: bin }, root: true });
  }

  test.each([false, true])(
    "is installed as root by apt-get (package lists missing: %s), and that is said",
    async (old) => {
      const where = apt(old);
      const { said, progress } = listener();
      const path = (await installTools(where, ["iptables"], progress)).get("iptables")?.path;
      expect(path).toBe(join(where.env["PATH"] ?? "", "iptables"));
      expect(said).toContain("Installing Debian packages as root: iptables (apt-get)");
      expect(readFileSync(join(where.env["PATH"] ?? "", "calls"), "utf8").split("\n").length - 1).toBe(
        old ? 3 : 1,
      );
    },
  );

  test("without root is an error that says what to run", async () => {
    const where = { ...apt(false), root: false };
    await expect(installTools(where, ["iptables"], () => undefined)).rejects.toThrow(
      /needs root[\s\S]*as root: apt-get install iptables/,
    );
  });

  test("without apt-get is an error that names the package", async () => {
    const where = site([tool], { root: true });
    await expect(installTools(where, ["iptables"], () => undefined)).rejects.toThrow(
      /install iptables with this system's package manager/,
    );
  });
});
