/** Writes app/server.js into the ConfigMap of workloads.yaml: `node --require tsx/cjs examples/bookinfo/app/embed.ts`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const START = "  # app/server.js, written here by app/embed.ts\n  server.js: |\n";

/** The YAML with the program as the ConfigMap's `server.js`. Fails if the YAML has no place for it. */
export function embed(yaml: string, program: string): string {
  const start = yaml.indexOf(START);
  const end = yaml.indexOf("\n---\n", start);
  if (start < 0 || end < 0)
    throw new Error(`workloads.yaml has no ConfigMap that starts with ${JSON.stringify(START)}`);
  const block = program.replace(/^(?=.)/gm, "    ").trimEnd();
  return yaml.slice(0, start) + START + block + yaml.slice(end);
}

if (require.main === module) {
  const workloads = join(__dirname, "..", "workloads.yaml");
  writeFileSync(
    workloads,
    embed(readFileSync(workloads, "utf8"), readFileSync(join(__dirname, "server.js"), "utf8")),
  );
}
