import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { MissingTools } from "../../../embedded/tools/errors";
import { installTools } from "../../../embedded/tools/install";
import { lookFor } from "../../../embedded/tools/look";
import type { Site } from "../../../embedded/tools/site";
import type { DownloadSource, ToolSpec } from "../../../embedded/tools/spec";
import { ReleaseServer, sha256, silentServer, tarGz } from "./release-server";
import { clean, listener, program, site, spec } from "./site";

const archiveUrl = "https://releases.test/helm-v1.2.3-{p}.tar.gz";
const archivePath = "releases.test/helm-v1.2.3-linux-amd64.tar.gz";
const sumsPath = `${archivePath}.sha256sum`;
const source: DownloadSource = {
  kind: "download",
  platforms: { "linux-amd64": "linux-amd64" },
  url: archiveUrl,
  checksums: `${archiveUrl}.sha256sum`,
  member: "{p}/helm",
};

let server: ReleaseServer;
beforeEach(async () => {
  server = await ReleaseServer.start();
});
afterEach(async () => {
  await server.stop();
  clean();
});

function at(mirror: string, tools: readonly ToolSpec[] = [spec("helm", [source])]): Site {
  return site(tools, { env: { PATH: "/nowhere", MESHWRIGHT_DOWNLOAD_MIRROR: mirror } });
}

/** Publishes a release with a checksum file as sha256sum writes it. */
async function publish(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const archive = await tarGz(files);
  server.put(archivePath, archive);
  server.put(sumsPath, `${sha256(archive)}  helm-v1.2.3-linux-amd64.tar.gz\n`);
  return archive;
}

async function refusal(where: Site): Promise<string> {
  const error: unknown = await installTools(where, ["helm"], () => undefined).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(MissingTools);
  const [tool] = where.manifest.tools;
  if (tool === undefined) throw new Error("the site has no tool");
  expect(lookFor(where, tool)).toBeUndefined();
  expect(existsSync(join(where.cache, "tools", "helm"))).toBe(false);
  return error instanceof Error ? error.message : "";
}

test("a good archive is installed, executable, with its version and source", async () => {
  await publish({ "linux-amd64/helm": program("1.2.3"), "linux-amd64/README.md": "read me" });
  const where = at(server.mirror);
  const { said, progress } = listener();
  const tool = (await installTools(where, ["helm"], progress)).get("helm");
  expect(tool).toMatchObject({ name: "helm", version: "1.2.3", source: "download" });
  expect(readFileSync(tool?.path ?? "", "utf8")).toBe(program("1.2.3"));
  expect(statSync(tool?.path ?? "").mode & 0o111).toBe(0o111);
  expect(said.join("\n")).toMatch(/Downloading helm 1\.2\.3 from 127\.0\.0\.1/);
});

test("an installation leaves nothing but the tool: no lock, no staging, no part", async () => {
  await publish({ "linux-amd64/helm": program("1.2.3") });
  const where = at(server.mirror);
  await installTools(where, ["helm"], () => undefined);
  expect(readdirSync(join(where.cache, "tools")).sort()).toEqual([".downloads", ".staging", "helm"]);
  expect(readdirSync(join(where.cache, "tools", ".staging"))).toEqual([]);
  expect(readdirSync(join(where.cache, "tools", ".downloads"))).toEqual([]);
});

test("a bare program with a bare digest, as dl.k8s.io has them", async () => {
  const url = "https://dl.test/release/v1.2.3/bin/{p}/etcd";
  const bare: DownloadSource = {
    kind: "download",
    platforms: { "linux-amd64": "linux/amd64" },
    url,
    checksums: `${url}.sha256`,
  };
  server.put("dl.test/release/v1.2.3/bin/linux/amd64/etcd", program("1.2.4"));
  server.put("dl.test/release/v1.2.3/bin/linux/amd64/etcd.sha256", sha256(program("1.2.4")));
  const tools = await installTools(at(server.mirror, [spec("etcd", [bare])]), ["etcd"], () => undefined);
  expect(tools.get("etcd")?.version).toBe("1.2.4");
});

test("an archive with another sha256 than the checksum file's is refused and fetched anew next time", async () => {
  await publish({ "linux-amd64/helm": program("1.2.3") });
  server.put(sumsPath, `${"0".repeat(64)}  helm-v1.2.3-linux-amd64.tar.gz\n`);
  const where = at(server.mirror);
  expect(await refusal(where)).toMatch(/has sha256 [0-9a-f]{64}, expected 0{64}: refused/);
  expect(readdirSync(join(where.cache, "tools", ".downloads"))).toEqual([]);
  await publish({ "linux-amd64/helm": program("1.2.3") });
  expect((await installTools(where, ["helm"], () => undefined)).get("helm")?.version).toBe("1.2.3");
});

test("the manifest's sha256 wins over the checksum file", async () => {
  await publish({ "linux-amd64/helm": program("1.2.3") });
  const pinned = { ...source, sha256: { "linux-amd64": "1".repeat(64) } };
  expect(await refusal(at(server.mirror, [spec("helm", [pinned])]))).toMatch(/expected 1{64}: refused/);
  expect(server.fetched(sumsPath)).toEqual([]);
});

test("an archive that was published cut short is refused by its sha256", async () => {
  const archive = await publish({ "linux-amd64/helm": program("1.2.3") });
  server.put(archivePath, archive.subarray(0, archive.length / 2));
  expect(await refusal(at(server.mirror))).toMatch(/refused/);
});

test("an archive that is broken although its sha256 is right never reaches the cache", async () => {
  const archive = (await tarGz({ "linux-amd64/helm": "#".repeat(100_000) })).subarray(0, 60);
  server.put(archivePath, archive);
  server.put(sumsPath, sha256(archive));
  expect(await refusal(at(server.mirror))).toMatch(/unexpected end|helm/i);
});

test("a connection that breaks is tried once more, then it is an error that the next run recovers from", async () => {
  const archive = await publish({ "linux-amd64/helm": program("1.2.3") + "#".repeat(5_000) });
  server.put(archivePath, archive, "cut");
  const where = at(server.mirror);
  await refusal(where);
  expect(server.fetched(archivePath)).toHaveLength(2);
  server.put(archivePath, archive);
  expect((await installTools(where, ["helm"], () => undefined)).get("helm")?.version).toBe("1.2.3");
});

test("the wrong archive, without the program, is refused", async () => {
  await publish({ "linux-amd64/tiller": program("1.2.3") });
  expect(await refusal(at(server.mirror))).toMatch(/has no linux-amd64\/helm: not the expected archive/);
});

test("a program of another version is refused", async () => {
  await publish({ "linux-amd64/helm": program("2.0.0") });
  expect(await refusal(at(server.mirror))).toMatch(
    /says it is 2\.0\.0, which does not fit >=1\.2\.0 <1\.3\.0/,
  );
});

test("a program that does not start here is refused", async () => {
  await publish({ "linux-amd64/helm": "\u007fELF not really" });
  expect(await refusal(at(server.mirror))).toMatch(/does not start here/);
});

test.each(["../../evil", "/evil", "linux-amd64/../../evil"])(
  "an archive that names %s is refused whole",
  async (evil) => {
    await publish({ "linux-amd64/helm": program("1.2.3"), [evil]: "evil" });
    expect(await refusal(at(server.mirror))).toMatch(/names a path outside itself/);
  },
);

test("a file that is not there, and a missing checksum file, are told apart", async () => {
  server.put(sumsPath, "a".repeat(64));
  expect(await refusal(at(server.mirror))).toMatch(/helm-v1\.2\.3-linux-amd64\.tar\.gz answered 404/);
  server.put(archivePath, "x");
  const other = await ReleaseServer.start();
  other.put(archivePath, "x");
  const said = await refusal(at(other.mirror)).finally(() => other.stop());
  expect(said).toMatch(/\.sha256sum answered 404/);
});

test("a host that takes connections and never answers is given up, with what to do", async () => {
  const silent = await silentServer();
  const said = await refusal(at(silent.mirror)).finally(() => silent.stop());
  expect(said).toMatch(/cannot be reached: no answer in time/);
  expect(said).toMatch(/MESHWRIGHT_DOWNLOAD_MIRROR/);
});

test("a transfer that stands still is given up", async () => {
  const archive = await publish({ "linux-amd64/helm": program("1.2.3") + "#".repeat(5_000) });
  server.put(archivePath, archive, "stuck");
  expect(await refusal(at(server.mirror))).toMatch(/nothing came for 1 s/);
});

test("a host that refuses connections is named in one line for all its tools", async () => {
  const { mirror } = server;
  await server.stop();
  const where = at(mirror, [spec("helm", [source]), spec("etcd", [source])]);
  const { said, progress } = listener();
  await expect(installTools(where, ["helm", "etcd"], progress)).rejects.toThrow(/2 tools could not be had/);
  expect(said.filter((line) => /cannot reach/.test(line))).toHaveLength(1);
  server = await ReleaseServer.start();
});

test("two tools of one archive fetch it once", async () => {
  const archive = await publish({
    "linux-amd64/helm": program("1.2.3"),
    "linux-amd64/etcd": program("1.2.3"),
    "linux-amd64/launcher": "#!/bin/sh\n",
  });
  const second = { ...source, member: "{p}/etcd", companions: ["{p}/launcher"] };
  const where = at(server.mirror, [spec("helm", [source]), spec("etcd", [second])]);
  const tools = await installTools(where, ["helm", "etcd"], () => undefined);
  expect([...tools.keys()]).toEqual(["helm", "etcd"]);
  expect(existsSync(join(tools.get("etcd")?.path ?? "", "..", "launcher"))).toBe(true);
  const whole = server.fetched(archivePath).filter((request) => request.range !== `bytes=${archive.length}-`);
  expect(whole).toHaveLength(1);
});

test("a platform without a release says so by trying nothing", async () => {
  await publish({ "linux-amd64/helm": program("1.2.3") });
  const where = { ...at(server.mirror), platform: "linux-riscv64" as const };
  await refusal(where);
  expect(server.requests).toEqual([]);
});
