import { join } from "node:path";
import type { Command } from "commander";
import { exitCode } from "./exit";
import type { IntentOptions } from "./intent-source";
import { terminalOutput } from "./output";
import type * as capability from "./capabilities";
import type * as compares from "./compare";
import type * as explains from "./explain";
import type * as imports from "./import";
import type * as plans from "./plan";
import type * as validates from "./validate";

/** Loads a command's code when it is asked for, so that no command pays for another. */
function load<T>(file: string): T {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require(file) as T;
}

const ROOT = join(__dirname, "..");

interface Common extends IntentOptions {
  readonly json?: true;
}

/** A command that works on an intent. */
function onIntent(command: Command): Command {
  return command
    .option("-f, --file <path>", "the intent: a file, or a folder of files that are one intent together")
    .option("--stack <name>", "the stack whose intent it is, where no file is given", "local")
    .option("--json", "print one JSON document");
}

/** The commands that look at intents and change nothing. */
export function addMeshCommands(root: Command): void {
  onIntent(root.command("validate").description("check an intent by itself"))
    .argument("[path]", "the same as --file")
    .action((path: string | undefined, options: Common) => {
      const { validate, report } = load<typeof validates>("./validate");
      const source = path === undefined ? options : { ...options, file: path };
      process.exitCode = report(validate(source, ROOT), terminalOutput(options.json === true));
    });
  addPlan(root);
  addTelling(root);
  root
    .command("import")
    .description("read a mesh's manifests as an intent, and say what it does not hold")
    .argument("<paths...>", "files, folders, or - for standard input")
    .requiredOption("--from <language>", "istio, gateway-api, linkerd, consul, appmesh or smi")
    .option("--to <mesh>", "print manifests for this mesh instead of the intent")
    .option("--json", "print one JSON document")
    .action((paths: string[], options: imports.ImportOptions & { json?: true }) => {
      const { importIntent, report } = load<typeof imports>("./import");
      process.exitCode = report(importIntent(options, paths), terminalOutput(options.json === true));
    });
}

function addPlan(root: Command): void {
  onIntent(root.command("plan").description("print what an intent becomes for a mesh"))
    .option("--mesh <kind>", "the mesh, or a section with its options: { kind: …, … }; default: the stack's")
    .option("--table", "the steps and what is in them (default)")
    .option("--yaml", "the manifests")
    .option("--diff", "what applying the manifests would change in a cluster, asked by a dry run")
    .option("--kubeconfig <path>", "with --diff: the cluster; default: the stack's")
    .option("--context <name>", "with --kubeconfig: the context; default: the current one")
    .action(async (options: Common & plans.PlanOptions) => {
      const { runPlan } = load<typeof plans>("./plan");
      process.exitCode = (await runPlan(options, ROOT, terminalOutput(options.json === true))) ?? exitCode.ok;
    });
}

/** What meshes can do, with and without an intent. */
function addTelling(root: Command): void {
  root
    .command("capabilities")
    .description("which mesh can do what")
    .option("--mesh <list>", "only these: istio,linkerd, or a form of one, istio:ambient")
    .option("--markdown", "as docs/capabilities.md has it")
    .option("--json", "print one JSON document")
    .action((options: capability.CapabilitiesOptions & { json?: true }) => {
      load<typeof capability>("./capabilities").capabilities(options, terminalOutput(options.json === true));
    });
  onIntent(root.command("compare").description("what moving from one mesh to another would lose"))
    .requiredOption("--meshes <list>", "the mesh to leave, then those to go to: istio,linkerd")
    .action((options: Common & compares.CompareOptions) => {
      const { compare, describeMoves } = load<typeof compares>("./compare");
      const output = terminalOutput(options.json === true);
      const moves = compare(options, ROOT);
      output.result(() => describeMoves(moves, output.heading), moves);
    });
  onIntent(root.command("explain").description("what becomes of a request, and why"))
    .argument("<question>", 'as in "GET reviews.bookinfo/api from productpage with end-user=jason"')
    .option("--mesh <kind>", "and what does it on this mesh")
    .action((question: string, options: Common & explains.ExplainOptions) => {
      const { explain, describeAnswer } = load<typeof explains>("./explain");
      const output = terminalOutput(options.json === true);
      const answer = explain(question, options, ROOT);
      output.result(() => describeAnswer(answer, output.heading), answer);
    });
}
