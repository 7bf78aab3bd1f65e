import { readFileSync } from "node:fs";
import { join } from "node:path";

interface LockedPackage {
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

const root = join(__dirname, "..", "..");
const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
  readonly packages: { readonly [path: string]: LockedPackage };
};
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly dependencies: { readonly [name: string]: string };
};

// Licences that let anyone ship this package with these dependencies under Apache-2.0.
const ALLOWED = new Set([
  "Apache-2.0",
  "MIT",
  "ISC",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "BlueOak-1.0.0",
  "Unlicense",
  "CC0-1.0",
  "Python-2.0",
  "CC-BY-4.0",
  "CC-BY-3.0",
]);

// Its package.json points at its LICENSE file, which is the MIT licence's text.
const BY_FILE = new Map([["node_modules/@logdna/tail-file", "MIT"]]);

function allowed(licence: string): boolean {
  const parts = licence.replace(/[()]/g, "").split(/ OR /);
  return parts.some((part) => part.split(/ AND /).every((one) => ALLOWED.has(one)));
}

describe("dependencies", () => {
  const runtime = Object.entries(lock.packages).filter(([path, pkg]) => path !== "" && pkg.dev !== true);

  test("every package that ships at run time has a permissive licence", () => {
    const wrong = runtime
      .filter(([path, pkg]) => !allowed(BY_FILE.get(path) ?? pkg.license ?? "none"))
      .map(([path, pkg]) => `${path}: ${pkg.license ?? "none"}`);
    expect(wrong).toEqual([]);
  });

  test("direct runtime dependencies are few and pinned to one version", () => {
    const direct = Object.entries(manifest.dependencies);
    expect(direct.length).toBeLessThanOrEqual(20);
    expect(direct.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});
