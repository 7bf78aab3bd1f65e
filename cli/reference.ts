import type { Command } from "commander";

const HEAD = `# Commands

\`npm run meshwright -- <command>\`; \`up\` and \`down\` have scripts of their own (\`npm run up\`). Written from the
commands themselves; a test fails where it is stale.

Results go to stdout, progress and complaints to stderr. Exit codes: 0 done, 1 tried and failed, 2 mend the input first,
130 interrupted. With \`--json\` stdout is one JSON document. Complaints come all at once, each with file, line, column,
what is wrong and what to do.

`;

/** The document docs/cli.md: every command with its arguments and options. */
export function referenceOf(root: Command): string {
  const leaves = commandsOf(root, []);
  const rows = leaves.map(
    ({ name, command }) => `| [\`${name}\`](#${anchor(name)}) | ${command.description()} |`,
  );
  const table = ["| command | what it does |", "| --- | --- |", ...rows].join("\n");
  return `${HEAD}${table}\n\n${leaves.map(sectionOf).join("\n\n")}\n`;
}

interface Leaf {
  readonly name: string;
  readonly command: Command;
}

function commandsOf(parent: Command, above: readonly string[]): Leaf[] {
  return parent.commands.flatMap((command) => {
    const path = [...above, command.name()];
    return command.commands.length > 0 ? commandsOf(command, path) : [{ name: path.join(" "), command }];
  });
}

function anchor(name: string): string {
  return name.replaceAll(" ", "-");
}

function sectionOf({ name, command }: Leaf): string {
  const words = command.registeredArguments.map((argument) => {
    const inner = `${argument.name()}${argument.variadic ? "..." : ""}`;
    return argument.required ? `<${inner}>` : `[${inner}]`;
  });
  const described = command.registeredArguments
    .filter(({ description }) => description !== "")
    .map((argument) => `| \`${argument.name()}\` | ${cell(argument.description)} |`);
  const options = command.options.map(
    ({ flags, description, mandatory, defaultValue }) =>
      `| \`${flags}\` | ${cell(description)}${mandatory ? "; required" : ""}${fallback(defaultValue)} |`,
  );
  const rows = [...described, ...options];
  const table = rows.length === 0 ? [] : ["", "| | |", "| --- | --- |", ...rows];
  const usage = `\`meshwright ${[name, ...words].join(" ")}\`: ${command.description()}.`;
  return [`## ${name}`, "", usage, ...table].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "\\<");
}

function fallback(value: unknown): string {
  return typeof value === "string" ? `; default: \`${value}\`` : "";
}
