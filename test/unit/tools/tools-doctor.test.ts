import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { examine, formatCheckup, type Checkup } from "../../../cli/doctor";
import { manifest } from "../../../embedded/tools/manifest";
import type { Site } from "../../../embedded/tools/site";
import { clean, folder, program, site, write } from "./site";

afterAll(clean);

/** The real manifest on a machine with these programs alone. */
function machine(programs: Readonly<Record<string, string>>, over: Partial<Site> = {}): Site {
  const bin = folder();
  for (const [name, content] of Object.entries(programs)) write(join(bin, name), content, 0o755);
  // Nothing listens there, so every download host is out of reach at once.
  const env = { PATH: bin, MESHWRIGHT_DOWNLOAD_MIRROR: "http://127.0.0.1:9/mirror" };
  return { ...site([]), manifest, env, ...over };
}

const go = "#!/bin/sh\necho go1.26.8; echo /tmp; echo /tmp\n";
const line = (checkup: Checkup, name: string): string =>
  formatCheckup(checkup)
    .split("\n")
    .find((l) => l.startsWith(`${name} `)) ?? "";

test("every tool has a line, and where nothing is there and nothing can be had it is not ready", async () => {
  const checkup = await examine(machine({}));
  for (const { name } of manifest.tools) expect(line(checkup, name)).not.toBe("");
  expect(checkup.ready).toBe(false);
  expect(line(checkup, "kwok")).toMatch(/missing: there is no go on PATH: install Go 1\.26\.0 or newer/);
  expect(formatCheckup(checkup)).toMatch(/Not ready/);
});

test("a fitting program is shown with version, source and path", async () => {
  const where = machine({ etcd: "#!/bin/sh\necho etcd Version: 3.6.1\n" });
  expect(line(await examine(where), "etcd")).toMatch(
    />=3\.6\.0 <3\.7\.0\s+3\.6\.1\s+path\s+\/\S+\/etcd\s+ok$/,
  );
});

test("a program that does not fit is shown, and not used", async () => {
  const checkup = await examine(machine({ etcd: "#!/bin/sh\necho etcd Version: 3.4.1\n" }));
  expect(line(checkup, "etcd")).toMatch(/missing/);
  expect(formatCheckup(checkup)).toMatch(/3\.4\.1\s+path\s+\/\S+\/etcd\s+does not fit, not used/);
});

test("what Go can build is missing but would come, so it is ready", async () => {
  const checkup = await examine(machine({ go }));
  expect(line(checkup, "kwok")).toMatch(/missing; `npm run up` would build it from source with Go 1\.26\.8/);
  expect(checkup.ready).toBe(true);
});

test("the data plane's tools are needed only where there can be a data plane", async () => {
  const checkup = await examine(machine({ go }, { root: false }));
  expect(checkup.dataPlane).toBe(false);
  expect(line(checkup, "envoy")).toMatch(/missing: .*install Python 3 with pip/);
  expect(checkup.ready).toBe(true);
});

test("on another system the data plane's tools say where they run", async () => {
  const checkup = await examine(machine({ go }, { platform: "darwin-arm64" }));
  expect(line(checkup, "envoy")).toMatch(/runs on linux only/);
  expect(checkup.ready).toBe(true);
});

test("the machine is shown: Node, Go, Python, root, free disk, data plane", async () => {
  const text = formatCheckup(
    await examine(machine({ go, python3: program("3.11.0") }, { freeBytes: () => 3.5e9 })),
  );
  for (const what of ["Node", "Go", "Python", "root", "cache", "data plane"])
    expect(text).toMatch(new RegExp(`^${what} `, "m"));
  expect(text).toMatch(/3\.5 GB free; a build from source with empty caches needs about 12 GB/);
});

function doctor(args: readonly string[], path: string): { status: number | null; stdout: string } {
  const script = `require("./cli/doctor").doctorCommand().parseAsync(${JSON.stringify(args)}, { from: "user" })`;
  return spawnSync(process.execPath, ["--require", "tsx/cjs", "-e", script], {
    cwd: join(__dirname, "../../.."),
    env: {
      ...process.env,
      PATH: path,
      MESHWRIGHT_CACHE: folder(),
      MESHWRIGHT_DOWNLOAD_MIRROR: "http://127.0.0.1:9",
    },
    encoding: "utf8",
  });
}

test("the command says it with its exit code, and --json prints one document", () => {
  const poor = doctor(["--json"], folder());
  expect(poor.status).toBe(1);
  expect(JSON.parse(poor.stdout)).toMatchObject({ ready: false });
  const bin = folder();
  write(join(bin, "go"), go, 0o755);
  write(join(bin, "python3"), program("3.11.0"), 0o755);
  write(join(bin, "apt-get"), program("2.0.0"), 0o755);
  const able = doctor(["--json"], bin);
  expect(able.status).toBe(0);
  expect(JSON.parse(able.stdout)).toMatchObject({ ready: true });
});
