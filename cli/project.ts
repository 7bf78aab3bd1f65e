import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseDocument } from "yaml";
import { readIfThere, type EngineHome } from "./engine-home";
import { UserError } from "./exit";

/** The project that the CLI deploys: this repository, or the one it was started in. */
export interface Project {
  readonly folder: string;
  readonly name: string;
  readonly stackFiles: string;
}

export function openProject(folder: string): Project {
  const file = join(folder, "Pulumi.yaml");
  const text = readIfThere(file);
  if (text === undefined) {
    throw new UserError(
      `no Pulumi.yaml in ${folder}`,
      "run the command in the folder of a Meshwright project",
    );
  }
  const content = parse(text) as { name: string; stackConfigDir?: string };
  return { folder, name: content.name, stackFiles: join(folder, content.stackConfigDir ?? ".") };
}

export function stackNames(project: Project): readonly string[] {
  if (!existsSync(project.stackFiles)) return [];
  return readdirSync(project.stackFiles)
    .map((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1])
    .filter((name): name is string => name !== undefined)
    .sort();
}

export function stackFile(project: Project, stack: string): string {
  const file = join(project.stackFiles, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) {
    throw new UserError(
      `there is no stack ${JSON.stringify(stack)}: ${file} does not exist`,
      `choose one of ${stackNames(project).join(", ")}, or copy one of their files and change it`,
    );
  }
  return file;
}

/**
 * A project folder beside the state whose stack file carries the engine's encryption salt. The engine writes the salt
 * into the stack file it is given, and rewrites the file as it does; the user's own file must not change by an `up`.
 */
export interface Shadow {
  readonly folder: string;
  readonly configFile: string;
}

export function shadowProject(home: EngineHome, project: Project, stack: string): Shadow {
  const folder = join(home.folder, "projects", project.name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, "Pulumi.yaml"), `name: ${project.name}\nruntime: nodejs\n`);
  return { folder, configFile: join(folder, `Pulumi.${stack}.yaml`) };
}

/** Brings the shadow's stack file up to the user's, keeping the salt. */
export function refreshShadow(shadow: Shadow, userFile: string): void {
  const salt = (parse(readIfThere(shadow.configFile) ?? "") as { encryptionsalt?: string } | null)
    ?.encryptionsalt;
  const document = parseDocument(readIfThere(userFile) ?? "");
  if (salt !== undefined) document.set("encryptionsalt", salt);
  writeFileSync(shadow.configFile, String(document), { mode: 0o600 });
}
