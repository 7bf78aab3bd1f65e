// Lets `require` load this repository's TypeScript, as tsx does, where a process is started so often that it counts: the
// stacks' program and the plugins. It looks at .ts files only, while tsx handles every file of every package, which more
// than doubles the time that the Pulumi SDK takes to load; and it keeps what it made of them in one file.
"use strict";
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { homedir } = require("node:os");
const { join } = require("node:path");

/** Changes whenever the options below do. */
const FORMAT = 1;

// tsx brings it.
const esbuildPath = createRequire(require.resolve("tsx/package.json")).resolve("esbuild");
const cacheHome = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
const folder = join(process.env.MESHWRIGHT_CACHE || join(cacheHome, "meshwright"), "typescript");
const cacheFile = join(
  folder,
  `${digest([FORMAT, esbuildPath, process.argv[1] || "", process.version])}.json`,
);

/** Path → what the file was when it was compiled, and the code. */
const kept = read();
let changed = false;

function digest(parts) {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

function read() {
  try {
    return JSON.parse(readFileSync(cacheFile, "utf8"));
  } catch {
    return {}; // not there, or cut off: made anew
  }
}

function compiled(path) {
  const { mtimeMs, size } = statSync(path);
  const known = kept[path];
  if (known !== undefined && known.mtimeMs === mtimeMs && known.size === size) return known.code;
  const { code } = require(esbuildPath).transformSync(readFileSync(path, "utf8"), {
    loader: "ts",
    format: "cjs",
    target: "node20",
    sourcefile: path,
    // An import() of a TypeScript file must come by here too.
    supported: { "dynamic-import": false },
  });
  kept[path] = { mtimeMs, size, code };
  changed = true;
  return code;
}

/** Beside and then into place, so that nobody reads half of it; a cache that cannot be written costs time, no more. */
function write() {
  if (!changed) return;
  const part = `${cacheFile}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(part, JSON.stringify(kept));
    renameSync(part, cacheFile);
  } catch {
    rmSync(part, { force: true });
  }
}

// Where tsx is there already, it stays in charge.
if (require.extensions[".ts"] === undefined) {
  require.extensions[".ts"] = (module, path) => module._compile(compiled(path), path);
  process.on("exit", write);
}
