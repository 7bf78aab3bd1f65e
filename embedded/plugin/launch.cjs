// Starts a plugin: `node launch.cjs <main.ts> <bundle.cjs> [the engine's arguments]`.
// TypeScript compiled at every start and a thousand small files cost half a second of CPU on the path of every `up`.
// So the plugin runs from one file, made on the first start and made again as soon as a source differs.
"use strict";
const { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } = require("node:fs");
const { dirname, join, resolve } = require("node:path");

const [, , main, bundle, ...rest] = process.argv;
const root = join(__dirname, "../..");
const lockFile = join(root, "package-lock.json");

function fingerprint(file) {
  const { mtimeMs, size } = statSync(file);
  return `${mtimeMs}:${size}`;
}

/** Whether the bundle is of these very sources, by this Node. */
function fresh() {
  try {
    const made = JSON.parse(readFileSync(`${bundle}.sources.json`, "utf8"));
    return (
      made.main === main && Object.entries(made.sources).every(([file, print]) => fingerprint(file) === print)
    );
  } catch {
    return false;
  }
}

function make() {
  const { buildSync } = require(require.resolve("esbuild", { paths: [dirname(require.resolve("tsx/cjs"))] }));
  const unfinished = `${bundle}.${process.pid}`;
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: [main],
    outfile: unfinished,
    bundle: true,
    platform: "node",
    target: "node20",
    metafile: true,
    logLevel: "silent",
  });
  // Packages change only with the lock file.
  const own = Object.keys(metafile.inputs).filter((file) => !file.includes("node_modules/"));
  const files = [...own.map((file) => resolve(root, file)), ...(existsSync(lockFile) ? [lockFile] : [])];
  const sources = Object.fromEntries(files.map((file) => [file, fingerprint(file)]));
  rmSync(`${bundle}.sources.json`, { force: true });
  renameSync(unfinished, bundle);
  writeFileSync(`${unfinished}.json`, JSON.stringify({ main, sources }));
  renameSync(`${unfinished}.json`, `${bundle}.sources.json`);
}

function entry() {
  if (fresh()) return bundle;
  try {
    make();
    return bundle;
  } catch {
    // A folder that cannot be written, say: slower, but the same.
    require("tsx/cjs");
    return main;
  }
}

process.argv = [process.argv[0], main, ...rest];
require(entry());
