import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const repository = resolve(__dirname, "../../..");
const cache = mkdtempSync(join(tmpdir(), "meshwright-fast-"));
afterAll(() => rmSync(cache, { recursive: true }));

/** Runs a script in a process of its own, with the way to load TypeScript that the stacks' program has. */
function run(script: string): unknown {
  const said = execFileSync("node", ["--require=./bin/typescript.cjs", "--eval", script], {
    cwd: repository,
    encoding: "utf8",
    env: { ...process.env, MESHWRIGHT_CACHE: cache },
  });
  return JSON.parse(said);
}

const heavy = `Object.keys(require.cache).filter((p) => /node_modules.(typescript.lib|@npmcli.arborist.lib.arborist)/.test(p)).length`;

test("the SDK loads without the compiler and the package manager that it brings", () => {
  const loaded = (before: string): unknown =>
    run(`${before} require("@pulumi/pulumi"); console.log(${heavy});`);
  expect(loaded("")).toBeGreaterThan(0);
  expect(loaded('require("./stacks/fast.ts").goFast();')).toBe(0);
});

test("what needs them still works, and then loads them", () => {
  const [text, loaded] = run(`
    require("./stacks/fast.ts").goFast();
    const { runtime } = require("@pulumi/pulumi");
    runtime.serializeFunction(() => 40 + 2).then(({ text }) => console.log(JSON.stringify([text, ${heavy}])));
  `) as [string, number];
  expect(text).toContain("40 + 2");
  expect(loaded).toBeGreaterThan(0);
});

test("TypeScript is loaded, kept, and compiled again when it has changed", () => {
  const script = `
    const { writeFileSync, utimesSync } = require("node:fs");
    const file = process.env.MESHWRIGHT_CACHE + "/sample.ts";
    const read = (text) => { writeFileSync(file, text); delete require.cache[file]; return require(file); };
    const first = read("enum Size { Small = 1 } export const size: number = Size.Small;").size;
    const second = read("export const size = 2 as const; export const late = () => import('./other');").size;
    writeFileSync(process.env.MESHWRIGHT_CACHE + "/other.ts", "export const other: string = 'there';");
    require(file).late().then(({ other }) => console.log(JSON.stringify([first, second, other])));
  `;
  expect(run(script)).toEqual([1, 2, "there"]);
  expect(run(script)).toEqual([1, 2, "there"]);
});

test("a mistake in TypeScript is an error that names file and line", () => {
  const script = `
    require("node:fs").writeFileSync(process.env.MESHWRIGHT_CACHE + "/bad.ts", "const a = 1;\\nconst = 2;");
    try { require(process.env.MESHWRIGHT_CACHE + "/bad.ts"); } catch (error) { console.log(JSON.stringify(error.message)); }
  `;
  expect(run(script)).toMatch(/bad\.ts:2:6/);
});
