import { execFileSync, spawn } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { installOfflineProvider, isOffline } from "../../../embedded/kubernetes-provider/launcher";
import { VERSION } from "../../../embedded/kubernetes-provider/version";

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), "meshwright-launcher-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Starts the plugin as the engine does, and ends it once it has told its port. */
async function portOf(path: string): Promise<number> {
  const child = spawn(path, ["127.0.0.1:1"], { stdio: ["ignore", "pipe", "inherit"] });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const port = await new Promise<number>((resolve) =>
    child.stdout.once("data", (line: Buffer) => resolve(Number(line))),
  );
  child.kill("SIGINT");
  expect(await gone).toBe(0);
  return port;
}

test("is of the version that the SDK asks for", () => {
  const { dependencies } = JSON.parse(readFileSync(join(__dirname, "../../../package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  expect(dependencies["@pulumi/kubernetes"]).toBe(VERSION);
});

test("is put where the engine looks, starts, and is left as it is the second time", async () => {
  const path = installOfflineProvider(home);
  expect(path).toBe(join(home, "plugins", `resource-kubernetes-v${VERSION}`, "pulumi-resource-kubernetes"));
  expect(isOffline(path)).toBe(true);
  const { mtimeMs } = statSync(path);
  expect(await portOf(path)).toBeGreaterThan(0);
  expect(installOfflineProvider(home)).toBe(path);
  expect(statSync(path).mtimeMs).toBe(mtimeMs);
});

test("leaves an official plugin alone", () => {
  const path = join(home, "plugins", `resource-kubernetes-v${VERSION}`, "pulumi-resource-kubernetes");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "\x7fELF official");
  expect(installOfflineProvider(home)).toBe(path);
  expect(readFileSync(path, "utf8")).toBe("\x7fELF official");
  expect(isOffline(path)).toBe(false);
});

test("runs from one file made of the sources, and makes it again when a source differs", () => {
  const launch = join(__dirname, "../../../embedded/plugin/launch.cjs");
  const main = join(home, "main.ts");
  const bundle = join(home, "bundle.cjs");
  const run = () =>
    execFileSync(process.execPath, [launch, main, bundle, "argument"], { encoding: "utf8" }).trim();
  writeFileSync(main, "const text: string = process.argv.slice(2).join(); console.log(text);");
  expect(run()).toBe("argument");
  const made = statSync(bundle).mtimeMs;
  expect(run()).toBe("argument");
  expect(statSync(bundle).mtimeMs).toBe(made);
  appendFileSync(main, ' console.log("changed");');
  expect(run()).toBe("argument\nchanged");
});

test("runs without that file where it cannot be written", () => {
  const launch = join(__dirname, "../../../embedded/plugin/launch.cjs");
  const main = join(home, "main.ts");
  writeFileSync(main, 'const text: string = "it runs"; console.log(text);');
  const out = execFileSync(process.execPath, [launch, main, join(home, "missing/bundle.cjs")], {
    encoding: "utf8",
  });
  expect(out.trim()).toBe("it runs");
});
