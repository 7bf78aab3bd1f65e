import { join } from "node:path";
import { Command, CommanderError } from "commander";
import type { DeploymentConfig } from "../config";
import { exitCode, UserError } from "./exit";
import { terminalOutput, type Output } from "./output";
import { openProject, stackFile, type Project } from "./project";
import type * as clusters from "./cluster";
import type * as doctors from "./doctor";
import type * as downs from "./down";
import type * as proofs from "./proof";
import type * as meshCommands from "./mesh-commands";
import type * as loads from "./load";
import type * as summaries from "./summary";
import type * as ups from "./up";

interface StackOptions {
  readonly stack: string;
  readonly json?: true;
}

/** Loads a command's code when it is asked for, so that no command pays for another. */
function load<T>(file: string): T {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require(file) as T;
}

function onStack(command: Command): Command {
  return command
    .option(
      "--stack <name>",
      "the stack: a file Pulumi.<name>.yaml in the project's folder of stacks",
      "local",
    )
    .option("--json", "print one JSON document on stdout, progress on stderr");
}

function project(): Project {
  return openProject(join(__dirname, ".."));
}

async function runUp(options: StackOptions & ups.UpOptions): Promise<void> {
  const output = terminalOutput(options.json === true);
  const summary = await load<typeof ups>("./up").up(project(), options, output);
  const { describeSummary } = load<typeof summaries>("./summary");
  output.result(() => `\n${describeSummary(summary, output.heading)}`, summary);
  process.exitCode = summary.ok ? exitCode.ok : exitCode.failed;
}

async function runDown({ stack, json }: StackOptions): Promise<void> {
  const output = terminalOutput(json === true);
  const { down, describeRemoved } = load<typeof downs>("./down");
  const removed = await down(project(), stack, output);
  output.result(() => describeRemoved(removed), removed);
}

function readStack({ stack }: StackOptions, output: Output): DeploymentConfig {
  return load<typeof loads>("./load").readStack(stackFile(project(), stack), output);
}

async function runVerify(options: StackOptions): Promise<void> {
  const output = terminalOutput(options.json === true);
  const { describeProofs, prove, proven } = load<typeof proofs>("./proof");
  const found = await prove(readStack(options, output), output);
  output.result(() => describeProofs(found), found);
  process.exitCode = proven(found) ? exitCode.ok : exitCode.failed;
}

async function runStatus(options: StackOptions): Promise<void> {
  const output = terminalOutput(options.json === true);
  const standing = await load<typeof ups>("./up").standingOf(readStack(options, output));
  const { describeStanding } = load<typeof summaries>("./summary");
  output.result(() => standing.map(describeStanding).join("\n"), standing);
}

/** Every command, with its options. */
export function program(): Command {
  const root = new Command("meshwright")
    .description("Service meshes across clouds as code")
    .exitOverride()
    .showHelpAfterError()
    .showSuggestionAfterError();
  onStack(root.command("up").description("bring a stack up and prove it"))
    .option("--refresh", "read every object back first: changes made by hand are found and undone")
    .action(runUp);
  onStack(root.command("down").description("remove a stack, and its cluster on this machine")).action(
    runDown,
  );
  onStack(root.command("status").description("what stands in the clusters of a stack")).action(runStatus);
  onStack(root.command("verify").description("prove a stack again, changing nothing")).action(runVerify);
  load<typeof meshCommands>("./mesh-commands").addMeshCommands(root);
  root.addCommand(load<typeof clusters>("./cluster").clusterCommand());
  root.addCommand(load<typeof doctors>("./doctor").doctorCommand());
  return root;
}

/** What an error means for the exit code, and what of it is for the user's eyes. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.badInput;
  if (error instanceof UserError) {
    process.stderr.write(`meshwright: ${error.message}\n  ${error.hint}\n`);
    return error.code;
  }
  const interrupted = error instanceof Error && error.name === "Interrupted";
  process.stderr.write(`meshwright: ${error instanceof Error ? error.message : String(error)}\n`);
  if (process.env["MESHWRIGHT_DEBUG"] !== undefined && error instanceof Error) {
    process.stderr.write(`${error.stack}\n`);
  }
  return interrupted ? exitCode.interrupted : exitCode.failed;
}

export function main(argv: readonly string[]): void {
  // Whoever reads may stop reading, as `head` does.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  program()
    .parseAsync(argv)
    .catch((error: unknown) => {
      process.exitCode = report(error);
    });
}
