import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { formatDiagnostic, found, type Json } from "../../lib";
import { compile, configureMesh, parseIntent } from "../../mesh";
import { cluster } from "../unit/mesh/istio/plans";

/** `<case>.in.yaml` says what is compiled for what; `<case>.out.yaml` what comes of it. UPDATE_GOLDENS=1 writes the latter. */
interface Case {
  readonly mesh: object;
  readonly cluster?: object;
  /** The intent, or the path of one from the root of the repository. */
  readonly intent: unknown;
}

const update = process.env["UPDATE_GOLDENS"] === "1";
const named = (ending: string): string[] =>
  readdirSync(__dirname)
    .filter((f) => f.endsWith(ending))
    .map((f) => f.slice(0, -ending.length));

function outcome(input: Case): Json {
  const written = typeof input.intent === "string" ? parse(readFileSync(join(__dirname, "../..", input.intent), "utf8")) as unknown : input.intent;
  const intent = parseIntent(written);
  const mesh = configureMesh(input.mesh, ["mesh"]);
  const plan =
    intent.ok && mesh.ok ? compile(intent.value, mesh.value, { cluster: { ...cluster, ...input.cluster } }) : undefined;
  const said = [intent, mesh, ...(plan === undefined ? [] : [plan])].flatMap((r) => found(r)).map(formatDiagnostic);
  return JSON.parse(JSON.stringify({ diagnostics: said, ...(plan?.ok === true ? { plan: { ...plan.value, warnings: undefined } } : {}) })) as Json;
}

test.each(named(".in.yaml"))("%s", (name) => {
  const input = parse(readFileSync(join(__dirname, `${name}.in.yaml`), "utf8")) as Case;
  const file = join(__dirname, `${name}.out.yaml`);
  const current = stringify(outcome(input), { lineWidth: 0, aliasDuplicateObjects: false, sortMapEntries: true });
  if (update) writeFileSync(file, current);
  expect(existsSync(file) ? readFileSync(file, "utf8") : "no golden; UPDATE_GOLDENS=1 writes it").toBe(current);
});

test("no golden is left without its case", () => {
  const orphans = named(".out.yaml").filter((name) => !named(".in.yaml").includes(name));
  if (update) for (const name of orphans) rmSync(join(__dirname, `${name}.out.yaml`));
  expect(update ? [] : orphans).toEqual([]);
});
