import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { table } from "../cli/table";
import { formatDiagnostics } from "../lib";
import { compile, meshes, parseIntent, type MeshAdapter } from "../mesh";
import { ableTarget } from "../mesh/who-can";
import { largeIntent, optionsFor } from "./compile-intent";

/**
 * Every form of every mesh compiles intents of 1,000 and of 10,000 services with three routes and five access entries
 * each, every size in a process of its own as often as asked for (`--runs 3`), medians. Processor time, not the clock's:
 * what else the machine does is no part of it. Reading the intent is reported apart; memory is the process's largest.
 */
const repository = join(__dirname, "..");
const runs = Number(process.argv[process.argv.indexOf("--runs") + 1]) || 3;
const SIZES = [1000, 10_000] as const;
const TARGET = { compileMs: 500, megabytes: 512, ratio: 11 };

interface Figures {
  readonly parseMs: number;
  readonly compileMs: number;
  readonly megabytes: number;
  readonly objects: number;
}

/** One size in this process: from text, as a file would be, to a plan. */
function one(kind: string, form: number, services: number): Figures {
  const adapter = adapterOf(kind);
  const mesh = adapter.configure({ ...adapter.forms[form]?.options, ...optionsFor(kind, services) }, []);
  if (!mesh.ok) throw new Error(JSON.stringify(mesh.diagnostics));
  const plain = adapter.forms[form]?.title === "ambient";
  const written = largeIntent(services, { table: mesh.value.capabilities(ableTarget), plain });
  const [parse, intent] = timed(() => parseIntent(written));
  if (!intent.ok) throw new Error(JSON.stringify(intent.diagnostics.slice(0, 3)));
  const [spent, plan] = timed(() => compile(intent.value, mesh.value, ableTarget));
  if (!plan.ok)
    throw new Error(formatDiagnostics(plan.diagnostics.filter((d) => d.severity === "error").slice(0, 3)));
  const objects = plan.value.steps.reduce(
    (sum, { do: action }) =>
      sum +
      (action.kind === "objects"
        ? action.objects.length
        : action.kind === "cloudResources"
          ? action.resources.length
          : 0),
    0,
  );
  return { parseMs: parse, compileMs: spent, megabytes: process.resourceUsage().maxRSS / 1024, objects };
}

function adapterOf(kind: string): MeshAdapter {
  const adapter = Object.entries<MeshAdapter>(meshes).find(([name]) => name === kind)?.[1];
  if (adapter === undefined) throw new Error(`no mesh ${kind}`);
  return adapter;
}

function timed<T>(work: () => T): [number, T] {
  const before = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1000, value];
}

function inChild(kind: string, form: number, services: number): Figures {
  const args = ["--require", "tsx/cjs", __filename, "--one", kind, String(form), String(services)];
  const said = execFileSync(process.execPath, args, {
    cwd: repository,
    encoding: "utf8",
    maxBuffer: 1 << 24,
  });
  return JSON.parse(said) as Figures;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function measured(kind: string, form: number, services: number): Figures {
  const all = Array.from({ length: runs }, () => inChild(kind, form, services));
  const of = (pick: (figures: Figures) => number): number => Math.round(median(all.map(pick)));
  return {
    parseMs: of((f) => f.parseMs),
    compileMs: of((f) => f.compileMs),
    megabytes: of((f) => f.megabytes),
    objects: of((f) => f.objects),
  };
}

interface Compared {
  readonly mesh: string;
  readonly thousand: Figures;
  readonly tenThousand: Figures;
  readonly ratio: number;
  readonly ok: boolean;
}

function compared(kind: string, adapter: MeshAdapter, form: number): Compared {
  const [thousand, tenThousand] = [measured(kind, form, SIZES[0]), measured(kind, form, SIZES[1])];
  const ratio = Number((tenThousand.compileMs / thousand.compileMs).toFixed(1));
  const quick = thousand.compileMs <= TARGET.compileMs && thousand.megabytes <= TARGET.megabytes;
  const title = adapter.forms[form]?.title ?? "";
  const ok = quick && ratio <= TARGET.ratio;
  return { mesh: `${adapter.title} (${title})`, thousand, tenThousand, ratio, ok };
}

const seconds = (ms: number): string => (ms / 1000).toFixed(2);

/** For people: a line for each form, the targets below. */
function describe(all: readonly Compared[]): string {
  const head = ["MESH", "PARSE s", "COMPILE s", "MB", "10,000: PARSE s", "COMPILE s", "RATIO", ""];
  const rows = all.map(({ mesh, thousand, tenThousand, ratio, ok }) => [
    mesh,
    ...[seconds(thousand.parseMs), seconds(thousand.compileMs), String(thousand.megabytes)],
    ...[seconds(tenThousand.parseMs), seconds(tenThousand.compileMs), String(ratio), ok ? "" : "missed"],
  ]);
  const { compileMs, megabytes, ratio } = TARGET;
  return `${table([head, ...rows])}\ntarget: compile ${seconds(compileMs)} s, ${megabytes} MB, ratio ${ratio}`;
}

function main(): void {
  const only = process.argv.includes("--mesh") ? process.argv[process.argv.indexOf("--mesh") + 1] : undefined;
  const wanted = Object.entries<MeshAdapter>(meshes).filter(([kind]) => only === undefined || kind === only);
  const all = wanted.flatMap(([kind, adapter]) =>
    adapter.forms.map((_, form) => {
      const result = compared(kind, adapter, form);
      console.log(JSON.stringify({ bench: "compile", runs, ...result, target: TARGET }));
      return result;
    }),
  );
  console.error(describe(all));
  if (all.some(({ ok }) => !ok)) process.exitCode = 1;
}

const at = process.argv.indexOf("--one");
if (at === -1) main();
else {
  const [kind = "", form, services] = process.argv.slice(at + 1);
  process.stdout.write(JSON.stringify(one(kind, Number(form), Number(services))));
}
