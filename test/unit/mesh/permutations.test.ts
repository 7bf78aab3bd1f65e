import { formatDiagnostics } from "../../../lib";
import { compile, printPlan, type ConfiguredMesh, type Intent } from "../../../mesh";
import { parseParts } from "../../../mesh/intent";
import { ableTarget } from "../../../mesh/who-can";
import { capabilitiesOf, forms, meshFor } from "../../support/forms";
import { Dice, intentOf } from "../../support/intents";
import { shuffled } from "./shuffle";

/** Plans of one intent, however it is ordered and cut into files: a few of each mesh, or 10,000 in all. */
const TRIES = process.env["MESHWRIGHT_PROVE"] === "1" ? Math.ceil(10_000 / forms.length) : 12;
/** Permutations of one intent. */
const EACH = 4;

/** The bytes of the plan of an intent in some files; undefined where the mesh refuses it. */
function bytes(files: readonly Intent[], mesh: ConfiguredMesh): string | undefined {
  const intent = parseParts(files.map((raw, i) => ({ raw, at: files.length === 1 ? [] : [`${i}.yaml`] })));
  if (!intent.ok) throw new Error(formatDiagnostics(intent.diagnostics));
  const plan = compile(intent.value, mesh, ableTarget);
  // Warnings say where things are written.
  return plan.ok ? printPlan({ ...plan.value, warnings: [] }) : undefined;
}

/** The intent in up to four files: entries of lists and of sections with names fall where they may. */
function cut(intent: Intent, dice: Dice): Intent[] {
  const files: Record<string, unknown>[] = Array.from({ length: dice.int(1, 4) }, () => ({}));
  const any = (): Record<string, unknown> => files[dice.int(0, files.length - 1)] ?? {};
  for (const [key, value] of Object.entries(intent)) {
    if (Array.isArray(value)) {
      for (const item of value as readonly unknown[]) ((any()[key] ??= []) as unknown[]).push(item);
    } else if (["services", "gateways", "jwtProviders"].includes(key)) {
      for (const [name, each] of Object.entries(value as object)) {
        ((any()[key] ??= {}) as Record<string, unknown>)[name] = each;
      }
    } else if (value !== undefined) {
      any()[key] = value;
    }
  }
  return files;
}

test.each(forms)("$name: the same bytes in whatever order, in however many files", (mesh) => {
  const allowed = capabilitiesOf(mesh);
  const dice = new Dice(7);
  const numbers = { next: () => ({ done: false as const, value: dice.int(0, 1_000_000) }) };
  let compared = 0;
  // Some intents are refused for what no table says; they are passed over.
  for (let seed = 0; compared < TRIES && seed < 50 * TRIES; seed++) {
    const { intent } = intentOf(dice.shuffled(allowed).slice(0, dice.int(1, 12)), seed, { allowed });
    const configured = meshFor(mesh, intent);
    const expected = bytes([intent], configured);
    if (expected === undefined) continue;
    for (let i = 0; i < EACH; i++, compared++) {
      expect(bytes(cut(shuffled(intent, numbers), dice), configured)).toBe(expected);
    }
  }
  expect(compared).toBeGreaterThanOrEqual(TRIES);
});
