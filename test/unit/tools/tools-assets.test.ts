import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { installAssets } from "../../../embedded/tools/assets";
import { lookForAsset } from "../../../embedded/tools/look";
import { manifest } from "../../../embedded/tools/manifest";
import { allOnPath } from "../../../embedded/tools/on-path";
import type { Site } from "../../../embedded/tools/site";
import type { AssetName } from "../../../embedded/tools/types";
import { ReleaseServer, sha256, tarGz } from "./release-server";
import { clean, folder, site } from "./site";

const everything = manifest.assets.map((asset) => asset.name);
const goFile = allOnPath(site([], { env: process.env }), "go")[0];
afterAll(clean);

function modulesAreHere(): boolean {
  const { folder: cwd } = manifest.goModules.tools;
  const env = { ...process.env, GOPROXY: "off", GOFLAGS: "-mod=readonly" };
  const modules = [...new Set(manifest.assets.map((asset) => asset.module))];
  return (
    goFile !== undefined && spawnSync(goFile, ["mod", "download", ...modules], { cwd, env }).status === 0
  );
}

function real(over: Partial<Site> = {}): Site {
  return { ...site([]), manifest, env: process.env, ...over };
}

// In CI they are fetched where they are missing; on a developer's machine that would be a surprise.
const runs = process.env["CI"] === "true" || modulesAreHere();
if (!runs)
  console.log("no Go, or the modules are not in its cache: tests of assets out of modules are skipped");

(runs ? describe : describe.skip)("assets out of the real modules", () => {
  let where: Site;
  beforeAll(async () => {
    where = real();
    await installAssets(where, everything, () => undefined);
  });
  const at = (name: AssetName, ...path: string[]): string =>
    join(lookForAsset(where, name)?.path ?? "", ...path);

  test("Istio's charts lie in one folder each, contents as they are", () => {
    expect(readdirSync(at("istio-charts")).sort()).toEqual(["base", "cni", "gateway", "istiod", "ztunnel"]);
    for (const chart of ["base", "cni", "gateway", "istiod", "ztunnel"]) {
      expect(readFileSync(at("istio-charts", chart, "Chart.yaml"), "utf8")).toMatch(/^version: 1\.0\.0$/m);
      expect(existsSync(at("istio-charts", chart, "values.yaml"))).toBe(true);
    }
  });

  test("the bootstrap template, kwok's stages and the Gateway API's CRDs are there", () => {
    expect(
      () => JSON.parse(readFileSync(at("istio-bootstrap", "envoy_bootstrap.json"), "utf8")) as unknown,
    ).toThrow(); // a template
    expect(existsSync(at("kwok-stages", "pod", "fast", "pod-ready.yaml"))).toBe(true);
    expect(existsSync(at("kwok-stages", "node", "heartbeat", "node-heartbeat.yaml"))).toBe(true);
    for (const channel of ["standard", "experimental"]) {
      expect(readdirSync(at("gateway-api-crds", channel))).toContain(
        "gateway.networking.k8s.io_gateways.yaml",
      );
    }
  });

  test("everything can be written, so that the cache can be deleted", () => {
    expect(statSync(at("istio-charts", "base")).mode & 0o200).toBe(0o200);
    expect(statSync(at("istio-charts", "base", "Chart.yaml")).mode & 0o200).toBe(0o200);
  });

  test("go.mod and go.sum are as they were", () => {
    const { folder: cwd } = manifest.goModules.tools;
    const status = spawnSync("git", ["status", "--porcelain", "--", "go.mod", "go.sum"], {
      cwd,
      encoding: "utf8",
    });
    expect(status.stdout).toBe("");
  });
});

describe("without Go", () => {
  const path = "github.com/istio/istio/releases/download/1.31.0/istio-1.31.0-linux-amd64.tar.gz";
  let server: ReleaseServer;
  beforeEach(async () => {
    server = await ReleaseServer.start();
  });
  afterEach(() => server.stop());

  const withoutGo = (): Site => real({ env: { PATH: folder(), MESHWRIGHT_DOWNLOAD_MIRROR: server.mirror } });

  async function publish(charts: readonly string[]): Promise<void> {
    const entries = charts.map((chart) => [
      `istio-1.31.0/manifests/charts/${chart}/Chart.yaml`,
      `name: ${chart}\n`,
    ]);
    const archive = await tarGz(Object.fromEntries(entries) as Record<string, string>);
    server.put(path, archive);
    server.put(`${path}.sha256`, `${sha256(archive)} istio-1.31.0-linux-amd64.tar.gz`);
  }

  test("Istio's charts come out of the official release", async () => {
    await publish(["base", "istio-control/istio-discovery", "istio-cni", "ztunnel", "gateway"]);
    const where = withoutGo();
    const charts =
      (await installAssets(where, ["istio-charts"], () => undefined)).get("istio-charts")?.path ?? "";
    expect(readFileSync(join(charts, "istiod", "Chart.yaml"), "utf8")).toBe(
      "name: istio-control/istio-discovery\n",
    );
    expect(readdirSync(charts).sort()).toEqual(["base", "cni", "gateway", "istiod", "ztunnel"]);
  });

  test("a release that lacks a chart is refused", async () => {
    await publish(["base"]);
    const where = withoutGo();
    await expect(installAssets(where, ["istio-charts"], () => undefined)).rejects.toThrow(
      /has no .*istio-discovery/,
    );
    expect(lookForAsset(where, "istio-charts")).toBeUndefined();
  });

  test("assets that have no download are an error that says to install Go, all of them at once", async () => {
    await publish([]);
    const error: unknown = await installAssets(withoutGo(), everything, () => undefined).catch(
      (e: unknown) => e,
    );
    const said = String(error);
    for (const name of everything) expect(said).toContain(name);
    expect(said).toMatch(/install Go 1\.26\.0 or newer/);
  });
});
