#!/usr/bin/env node
// The one way in: works in a fresh clone with nothing installed but Node, so it may use nothing but Node.
"use strict";
const { createHash } = require("node:crypto");
const { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { spawnSync } = require("node:child_process");
const { join } = require("node:path");

const root = join(__dirname, "..");
const lockFile = join(root, "package-lock.json");
const modules = join(root, "node_modules");
const stamp = join(modules, ".meshwright-lock");

function stop(message, hint) {
  process.stderr.write(`meshwright: ${message}\n  ${hint}\n`);
  process.exit(1);
}

function requireNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20)
    stop(`Node ${process.versions.node} is too old`, "install Node 20 or newer: https://nodejs.org");
}

function wantedStamp() {
  return createHash("sha256").update(readFileSync(lockFile)).digest("hex");
}

function upToDate() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === wantedStamp();
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Two runs in one clone must not install over each other: the second waits for the first. */
function withInstallLock(install) {
  const lock = join(root, ".meshwright", "install.lock");
  mkdirSync(join(root, ".meshwright"), { recursive: true });
  for (let waited = 0; ; waited++) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      let holder = 0;
      try {
        holder = Number(readFileSync(lock, "utf8"));
      } catch {
        continue; // released in between
      }
      if (holder && !alive(holder)) rmSync(lock, { force: true });
      else if (waited === 0)
        process.stderr.write(`Waiting for another run (pid ${holder}) to install npm packages…\n`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    }
  }
  try {
    install();
  } finally {
    rmSync(lock, { force: true });
  }
}

function installPackages() {
  if (upToDate()) return;
  withInstallLock(() => {
    if (upToDate()) return;
    process.stderr.write("Installing npm packages (about a minute)…\n");
    // No install scripts: nothing here needs one, and Pulumi's would try to download plugins.
    const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    const done = spawnSync("npm", args, { cwd: root, stdio: ["ignore", 2, 2] });
    if (done.error || done.status !== 0) {
      stop(
        "npm packages could not be installed (npm's own message is above)",
        "check that the npm registry can be reached and the disk is not full, then run the same command again",
      );
    }
    writeFileSync(stamp, wantedStamp());
  });
}

requireNode();
installPackages();
require("tsx/cjs");
const [command] = process.argv.slice(2);
const developer = { test: "../scripts/test.ts", prove: "../scripts/prove.ts", bench: "../scripts/bench.ts" };
if (command !== undefined && Object.hasOwn(developer, command)) {
  require(developer[command]).main(process.argv.slice(3));
} else {
  require("../cli/main.ts").main(process.argv);
}
