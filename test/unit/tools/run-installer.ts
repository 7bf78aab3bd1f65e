// Runs the installer in a process of its own, for tests that kill it: `node --require tsx/cjs run-installer.ts <site.json>`.
import { readFileSync } from "node:fs";
import { installTools } from "../../../embedded/tools/install";
import type { Site } from "../../../embedded/tools/site";

const given = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as Site;
const site: Site = { ...given, freeBytes: () => 100e9 };
const names = site.manifest.tools.map((tool) => tool.name);

installTools(site, names, (line) => void process.stdout.write(`${line}\n`)).then(
  () => void process.stdout.write("done\n"),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  },
);
