import { spawn, type StdioOptions } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { installOfflineProvider, isOffline } from "../embedded/kubernetes-provider/launcher";
import { ensureAssets, ensureTools, groups, toolsPath } from "../embedded/tools";
import { engineHome, readIfThere, stateFile, type EngineHome } from "./engine-home";
import { clearStaleLocks } from "./engine-lock";
import { endOrphans } from "./engine-orphans";
import { paced } from "./engine-pace";
import { exitCode, UserError } from "./exit";
import type { Output } from "./output";
import { refreshShadow, shadowProject, stackFile, type Project, type Shadow } from "./project";

/** The Kubernetes plugin that `@pulumi/kubernetes` in package.json asks for. */
const KUBERNETES_PLUGIN = "resource-kubernetes-v4.32.0";

export interface Engine {
  readonly home: EngineHome;
  readonly project: Project;
  readonly stack: string;
  readonly kubernetesProvider: "official" | "offline stand-in";
  /** Whether the state tells of an update that was cut off. */
  interrupted(): boolean;
  /** Whether the state holds no resource yet. */
  empty(): Promise<boolean>;
  /** Runs the engine in sight of the user; resolves to its exit code. */
  run(args: readonly string[]): Promise<number>;
  /** Runs the engine and returns what it printed; throws a `UserError` where it fails. */
  capture(args: readonly string[]): Promise<string>;
}

/** Uses the official plugin where the user has it, else puts ours in its place. */
function installKubernetesProvider(home: EngineHome): Engine["kubernetesProvider"] {
  const plugins = join(home.env["PULUMI_HOME"] ?? home.folder, "plugins");
  mkdirSync(plugins, { recursive: true });
  const official = join(homedir(), ".pulumi", "plugins", KUBERNETES_PLUGIN);
  const target = join(plugins, KUBERNETES_PLUGIN);
  if (existsSync(official) && official !== target) {
    rmSync(target, { recursive: true, force: true });
    symlinkSync(official, target);
    return "official";
  }
  const plugin = installOfflineProvider(home.env["PULUMI_HOME"] ?? home.folder);
  return isOffline(plugin) ? "offline stand-in" : "official";
}

interface Exported {
  readonly deployment: { readonly resources?: readonly unknown[] };
}

interface Spawned {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function spawnEngine(
  args: readonly string[],
  where: { cwd: string; env: NodeJS.ProcessEnv; stdio: StdioOptions },
) {
  return new Promise<Spawned>((resolve, reject) => {
    const child = spawn("pulumi", args, where);
    const chunks = { stdout: "", stderr: "" };
    child.stdout?.on("data", (data: Buffer) => (chunks.stdout += data.toString()));
    child.stderr?.on("data", (data: Buffer) => (chunks.stderr += data.toString()));
    // On a terminal Ctrl-C reaches the engine too, which then stops cleanly and saves what it did: wait for that.
    const wait = (): void => undefined;
    const pass = (): void => void child.kill("SIGINT");
    process.on("SIGINT", wait);
    process.on("SIGTERM", pass);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      process.off("SIGINT", wait);
      process.off("SIGTERM", pass);
      resolve({ ...chunks, code: code ?? (signal === null ? exitCode.failed : exitCode.interrupted) });
    });
  });
}

async function captured(
  args: readonly string[],
  where: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<string> {
  const done = await spawnEngine(args, { ...where, stdio: ["ignore", "pipe", "pipe"] });
  if (done.code === 0) return done.stdout;
  throw new UserError(
    `the engine failed: ${(done.stderr || done.stdout).trim()}`,
    "mend what the engine says, then try again",
    exitCode.failed,
  );
}

async function ensureStack(shadow: Shadow, env: NodeJS.ProcessEnv, stack: string): Promise<void> {
  // Asking the engine costs a second; the salt is written when a stack is made.
  if (readIfThere(shadow.configFile)?.includes("encryptionsalt") === true) return;
  const made = await spawnEngine(["stack", "select", stack, "--create", "--non-interactive"], {
    cwd: shadow.folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (made.code !== 0) {
    throw new UserError(
      `the engine could not open stack ${stack}: ${(made.stderr || made.stdout).trim()}`,
      "mend what the engine says, then run the same command again",
      exitCode.failed,
    );
  }
}

/**
 * Installs the engine where it is missing, opens the stack (made on first use) and clears what a killed run left.
 * Throws a `UserError` where the stack does not exist, is being updated, or a tool cannot be had.
 */
export async function openEngine(project: Project, stack: string, output: Output): Promise<Engine> {
  const userFile = stackFile(project, stack);
  await ensureTools(groups.engine, output.progress);
  await ensureAssets(output.progress);
  const home = engineHome();
  const kubernetesProvider = installKubernetesProvider(home);
  const env = {
    ...process.env,
    ...home.env,
    ...paced(process.env),
    PATH: [toolsPath(), process.env["PATH"]].join(delimiter),
  };
  clearStaleLocks(home, project.name, stack);
  endOrphans(home);
  const shadow = shadowProject(home, project, stack);
  await ensureStack(shadow, env, stack);
  refreshShadow(shadow, userFile);
  const withStack = (args: readonly string[]): readonly string[] =>
    args[0] === "stack"
      ? [...args, "--stack", stack]
      : [...args, "--stack", stack, "--config-file", shadow.configFile];
  const cwd = (args: readonly string[]): string => (args[0] === "stack" ? shadow.folder : project.folder);
  const capture = (args: readonly string[]): Promise<string> =>
    captured(withStack(args), { cwd: cwd(args), env });
  return {
    home,
    project,
    stack,
    kubernetesProvider,
    // Read from our own state, since asking the engine costs a second; for other backends always ask.
    interrupted: () => {
      const file = stateFile(home, project.name, stack);
      if (file === undefined) return !home.ownsBackend;
      return (readIfThere(file) ?? "").includes('"pending_operations"');
    },
    run: async (args) => {
      // The engine's own display is progress; with --json only our result may reach stdout.
      const stdio: StdioOptions = ["inherit", output.json ? process.stderr : "inherit", "inherit"];
      return (await spawnEngine(withStack(args), { cwd: cwd(args), env, stdio })).code;
    },
    capture,
    empty: async () => {
      if (home.ownsBackend && stateFile(home, project.name, stack) === undefined) return true;
      const { deployment } = JSON.parse(await capture(["stack", "export"])) as Exported;
      return (deployment.resources ?? []).length === 0;
    },
  };
}
