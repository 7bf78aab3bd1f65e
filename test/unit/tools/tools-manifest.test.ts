import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import validRange from "semver/ranges/valid";
import { groups, manifest } from "../../../embedded/tools/manifest";
import type { GoModuleName, GoSource, SourceKind } from "../../../embedded/tools/spec";
import type { AssetName, ToolName } from "../../../embedded/tools/types";

const toolNames: Record<ToolName, true> = {
  pulumi: true,
  "pulumi-language-nodejs": true,
  etcd: true,
  "kube-apiserver": true,
  "kube-controller-manager": true,
  "kube-scheduler": true,
  "kube-proxy": true,
  kwok: true,
  helm: true,
  "pilot-discovery": true,
  "pilot-agent": true,
  istioctl: true,
  envoy: true,
  consul: true,
  iptables: true,
  ip: true,
};
const assetNames: Record<AssetName, true> = {
  "istio-charts": true,
  "istio-bootstrap": true,
  "kwok-stages": true,
  "gateway-api-crds": true,
};

const goSources: readonly GoSource[] = manifest.tools.flatMap((t) =>
  t.sources.filter((s) => s.kind === "go"),
);
const read = (name: GoModuleName, file: string): string =>
  readFileSync(join(manifest.goModules[name].folder, file), "utf8");

function toolDirectives(name: GoModuleName): readonly string[] {
  const text = read(name, "go.mod");
  const block = /^tool \(\n([^)]*)\)/m.exec(text)?.[1] ?? "";
  const single = /^tool ([^(\s]\S+)$/m.exec(text)?.[1];
  return [...block.split("\n").map((line) => line.trim()), single ?? ""].filter((line) => line !== "");
}

function requiredVersion(name: GoModuleName, module: string): string | undefined {
  return read(name, "go.mod")
    .split("\n")
    .map((line) =>
      line
        .replace(/^require /, "")
        .trim()
        .split(/\s+/),
    )
    .find(([path]) => path === module)?.[1];
}

test("every tool and every asset has exactly one entry", () => {
  expect(manifest.tools.map((t) => t.name).sort()).toEqual(Object.keys(toolNames).sort());
  expect(manifest.assets.map((a) => a.name).sort()).toEqual(Object.keys(assetNames).sort());
});

test("every tool is in exactly one group", () => {
  expect(Object.values(groups).flat().sort()).toEqual(Object.keys(toolNames).sort());
});

test.each(["tools", "language-host", "consul"] as const)(
  "go.mod of %s lists exactly the packages that are built",
  (name) => {
    const built = goSources.filter((s) => s.goModule === name).map((s) => s.package);
    expect([...toolDirectives(name)].sort()).toEqual([...built].sort());
  },
);

test("module versions are those of go.mod", () => {
  const pinned = [...goSources, ...manifest.assets];
  expect(pinned.map((s) => [s.module, s.moduleVersion])).toEqual(
    pinned.map((s) => [s.module, requiredVersion(s.goModule, s.module)]),
  );
});

test("a build's version is its module's, or says that it is a development version", () => {
  for (const tool of manifest.tools) {
    for (const source of tool.sources) {
      if (source.kind !== "go") continue;
      expect(tool.version.endsWith("-dev") || source.moduleVersion === `v${tool.version}`).toBe(true);
    }
  }
});

test("go.sum names the content of every module that go.mod requires", () => {
  for (const name of Object.keys(manifest.goModules) as GoModuleName[]) {
    const sums = new Set(
      read(name, "go.sum")
        .split("\n")
        .map((line) => line.split(" ").slice(0, 2).join(" ")),
    );
    for (const { module, moduleVersion, goModule } of [...goSources, ...manifest.assets]) {
      if (goModule === name) expect(sums).toContain(`${module} ${moduleVersion}`);
    }
  }
});

test("sources come in the order download, build, wheel, system package", () => {
  const order: readonly SourceKind[] = ["download", "go", "pypi", "system-package"];
  for (const tool of manifest.tools) {
    const places = tool.sources.map((s) => order.indexOf(s.kind));
    expect(places).toEqual([...places].sort());
    expect(tool.sources.length).toBeGreaterThan(0);
  }
});

test("every range is one", () => {
  for (const tool of manifest.tools) expect(validRange(tool.accepts)).not.toBeNull();
});

test("downloads are over https and have a checksum of the same release", () => {
  for (const tool of manifest.tools) {
    for (const source of tool.sources) {
      if (source.kind !== "download") continue;
      expect(source.url).toMatch(/^https:\/\//);
      expect(new URL(source.checksums).host).toBe(new URL(source.url).host);
      expect(Object.keys(source.platforms).length).toBeGreaterThan(0);
    }
  }
});

test("every go.mod folder is there", () => {
  for (const { folder } of Object.values(manifest.goModules))
    expect(existsSync(join(folder, "go.mod"))).toBe(true);
});
