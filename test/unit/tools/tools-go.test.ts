import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { MissingTools, ToolsError } from "../../../embedded/tools/errors";
import { installTools } from "../../../embedded/tools/install";
import { manifest } from "../../../embedded/tools/manifest";
import { allOnPath } from "../../../embedded/tools/on-path";
import type { Site } from "../../../embedded/tools/site";
import type { GoModule, GoSource, ToolSpec } from "../../../embedded/tools/spec";
import type { ToolName } from "../../../embedded/tools/types";
import { clean, folder, listener, pathWith, site, spec, write } from "./site";

const goFile = allOnPath(site([], { env: process.env }), "go")[0];
afterAll(clean);

test("Go is there for these tests", () => {
  // Nothing here can be proven without it; a developer without Go sees the tests below as skipped.
  if (process.env["CI"] === "true") expect(goFile).toBeDefined();
  if (goFile === undefined) console.log("no go on PATH: tests of builds are skipped");
});

const withGo = goFile === undefined ? describe.skip : describe;

/** A module with two programs that share a package. The standard library stays out, so that builds take no time. */
function goModule(over: { readonly beta?: string; readonly goVersion?: string } = {}): GoModule {
  const made = folder();
  const program = (body: string): string =>
    `package main\n\nimport "example.test/tools/shared"\n\nvar version = "unset"\n\nfunc main() {\n\t${body}\n}\n`;
  write(join(made, "go.mod"), `module example.test/tools\n\ngo ${over.goVersion ?? "1.21"}\n`);
  write(join(made, "go.sum"), "");
  write(join(made, "shared/shared.go"), "package shared\n\nconst Name = `shared`\n");
  write(join(made, "cmd/alpha/main.go"), program('println(shared.Name, "v"+version)'));
  write(join(made, "cmd/beta/v2/main.go"), program(over.beta ?? 'println(shared.Name, "v"+version)'));
  return { folder: made, buildBytes: 1e9 };
}

function source(path: string): GoSource {
  return {
    kind: "go",
    goModule: "tools",
    package: `example.test/tools/cmd/${path}`,
    module: "example.test/tools",
    moduleVersion: "v0.0.0",
    variables: { "main.version": "1.2.3" },
  };
}

const tools: readonly ToolSpec[] = [spec("helm", [source("alpha")]), spec("etcd", [source("beta/v2")])];
const names: readonly ToolName[] = ["helm", "etcd"];

function at(module: GoModule, over: Partial<Site> = {}): Site {
  const plain = site(tools);
  return {
    ...plain,
    manifest: { ...plain.manifest, goModules: { ...plain.manifest.goModules, tools: module } },
    env: { PATH: pathWith({ go: goFile ?? "" }), HOME: process.env["HOME"] },
    ...over,
  };
}

async function failure(where: Site): Promise<Error> {
  const error: unknown = await installTools(where, names, () => undefined).catch((e: unknown) => e);
  if (!(error instanceof ToolsError)) throw new Error(`expected a ToolsError, got ${String(error)}`);
  return error;
}

withGo("a build from a Go module", () => {
  test("makes all programs of one go.mod in one build, named as the tools, with their variables", async () => {
    const { said, progress } = listener();
    const installed = await installTools(at(goModule()), names, progress);
    expect([...installed.values()].map((t) => [t.name, t.version, t.source])).toEqual([
      ["helm", "1.2.3", "go"],
      ["etcd", "1.2.3", "go"],
    ]);
    expect(said.filter((line) => /^Building from source/.test(line))).toHaveLength(1);
    expect(said.join("\n")).toMatch(/helm, etcd \(\d+ of \d+ packages to compile, about \d+ (s|min)\)/);
  });

  test("leaves go.mod and go.sum as they are", async () => {
    const module = goModule();
    await installTools(at(module), names, () => undefined);
    expect(readFileSync(join(module.folder, "go.mod"), "utf8")).toBe(
      "module example.test/tools\n\ngo 1.21\n",
    );
    expect(readFileSync(join(module.folder, "go.sum"), "utf8")).toBe("");
  });

  test("is not touched by the user's GOFLAGS, GOOS and workspace", async () => {
    const where = at(goModule());
    const env = { ...where.env, GOFLAGS: "-mod=vendor", GOOS: "windows", GOWORK: "/nowhere/go.work" };
    const installed = await installTools({ ...where, env }, names, () => undefined);
    expect(installed.size).toBe(2);
  });

  test("that fails for one program keeps the others, and shows what the compiler said", async () => {
    const where = at(goModule({ beta: "shared.Missing()" }));
    const error = await failure(where);
    expect(error).toBeInstanceOf(MissingTools);
    expect(error.message).toMatch(/1 tool could not be had:\n {2}etcd 1\.2\.3/);
    expect(error.message).toMatch(/main\.go:8:9: undefined: shared\.Missing/);
    expect(existsSync(join(where.cache, "tools", "helm"))).toBe(true);
    expect(existsSync(join(where.cache, "tools", "etcd"))).toBe(false);
    expect(readdirSync(join(where.cache, "tools", ".staging"))).toEqual([]);
  });

  test("goes on after a failure: what is there is not built again", async () => {
    const module = goModule({ beta: "shared.Missing()" });
    const where = at(module);
    await failure(where);
    write(
      join(module.folder, "cmd/beta/v2/main.go"),
      'package main\n\nvar version = "unset"\n\nfunc main() { println("v" + version) }\n',
    );
    const { said, progress } = listener();
    await installTools(where, names, progress);
    expect(said.join("\n")).toMatch(/Building from source with Go \S+: etcd \(/);
  });

  test("with a Go that is too old says which one is needed", async () => {
    const where = at(goModule({ goVersion: "1.99.0" }));
    const error = await failure({ ...where, env: { ...where.env, GOTOOLCHAIN: "local" } });
    expect(error.message).toMatch(/go is go1\.\d+(\.\d+)?, too old|go\.mod requires go >= 1\.99\.0/);
    expect(error.message).toMatch(/install Go 1\.99\.0 or newer/);
  });

  test("whose modules cannot be had says so, and what to do", async () => {
    const module = goModule();
    write(
      join(module.folder, "go.mod"),
      "module example.test/tools\n\ngo 1.21\n\nrequire example.test/far v1.0.0\n",
    );
    write(
      join(module.folder, "shared/shared.go"),
      'package shared\n\nimport "example.test/far"\n\nconst Name = far.Name\n',
    );
    write(
      join(module.folder, "go.sum"),
      `example.test/far v1.0.0 h1:${"A".repeat(43)}=\nexample.test/far v1.0.0/go.mod h1:${"A".repeat(43)}=\n`,
    );
    const where = at(module);
    const error = await failure({ ...where, env: { ...where.env, GOPROXY: "off" } });
    expect(error.message).toMatch(/shared\.go:3:8: module lookup disabled by GOPROXY=off/);
    expect(error.message).toMatch(/let this machine reach a Go module proxy/);
  });

  test("on a disk that is too small stops before it starts, naming folder and size", async () => {
    const where = at({ ...goModule(), buildBytes: 12e9 }, { freeBytes: () => 0.3e9 });
    const error = await failure(where);
    expect(error.message).toMatch(/not enough disk space: \d+\.\d GB needed below \/.*, 0\.3 GB free/);
    expect(existsSync(join(where.cache, "tools", "helm"))).toBe(false);
  });

  test("on a disk that could not hold the whole build goes on where little is left to compile", async () => {
    const module = { ...goModule(), buildBytes: 12e9 };
    const first = at(module);
    await installTools(first, names, () => undefined); // fills Go's cache
    const tight = { ...first, cache: folder(), freeBytes: () => 2e9 };
    expect((await installTools(tight, names, () => undefined)).size).toBe(2);
  });
});

withGo("the real modules", () => {
  test.each(["tools", "language-host", "consul"] as const)(
    "%s: go.sum is complete, the checksum database is not asked",
    (name) => {
      const cwd = manifest.goModules[name].folder;
      const env = {
        ...process.env,
        GOFLAGS: "-mod=readonly",
        GOPROXY: "off",
        GONOSUMDB: "",
        GOSUMDB: "sum.invalid",
      };
      const { status, stderr } = spawnSync(goFile ?? "", ["list", "-deps", "tool"], {
        cwd,
        env,
        encoding: "utf8",
      });
      // A machine that has not fetched them yet can say nothing of their packages, but much of go.sum.
      if (/GOPROXY=off/.test(stderr))
        console.log("the modules are not in Go's cache: only go.sum's form was tested");
      else expect([status, stderr]).toEqual([0, ""]);
      expect(stderr).not.toMatch(/go\.sum/);
    },
  );
});

test("without Go the error says so, for all tools at once", async () => {
  const error = await failure(at(goModule(), { env: { PATH: folder() } }));
  expect(error.message).toMatch(/^2 tools could not be had:/);
  expect(error.message.match(/there is no go on PATH/g)).toHaveLength(2);
  expect(error.message.match(/install Go 1\.21 or newer: https:\/\/go\.dev\/dl/g)).toHaveLength(1);
});

test("nothing is built where another tool cannot be had anyway", async () => {
  const where = at(goModule());
  const hopeless = spec("iptables", [{ kind: "system-package", debian: "iptables" }]);
  const both = { ...where, manifest: { ...where.manifest, tools: [...tools, hopeless] } };
  const { said, progress } = listener();
  await expect(installTools(both, ["helm", "iptables"], progress)).rejects.toThrow(/iptables/);
  expect(said.join("\n")).not.toMatch(/Building/);
});
