import { execFile, spawn, type ChildProcess } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { findTool } from "../../../../embedded/tools";
import { folderWithPlugin } from "./plugin";
import { readCalls, type Call } from "./recordings";

/** What one `pulumi` command did. */
export interface Run {
  readonly code: number;
  readonly log: string;
  readonly calls: readonly Call[];
}

/** A Pulumi project in a folder of its own, with its own state, run by the real engine. */
export class Project {
  private readonly home = mkdtempSync(join(tmpdir(), "meshwright-engine-"));
  private readonly folder = join(this.home, "project");
  private readonly env: NodeJS.ProcessEnv;
  private runs = 0;

  /** `program` is the text of a CommonJS program. */
  constructor(
    private readonly name: string,
    program: string,
    env: Readonly<Record<string, string>>,
  ) {
    mkdirSync(this.folder);
    mkdirSync(join(this.home, "state"));
    writeFileSync(
      join(this.folder, "Pulumi.yaml"),
      `name: ${name}\nruntime: {name: nodejs, options: {typescript: false}}\n`,
    );
    writeFileSync(join(this.folder, "index.js"), program);
    writeFileSync(join(this.folder, "package.json"), JSON.stringify({ name, main: "index.js" }));
    symlinkSync(join(__dirname, "../../../../node_modules"), join(this.folder, "node_modules"));
    const tools = [findTool("pulumi"), findTool("pulumi-language-nodejs")].map((tool) =>
      dirname(tool?.path ?? ""),
    );
    this.env = {
      ...process.env,
      PATH: [folderWithPlugin(this.home), ...tools, process.env["PATH"]].join(delimiter),
      PULUMI_HOME: join(this.home, "pulumi"),
      PULUMI_BACKEND_URL: `file://${join(this.home, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      ...env,
    };
  }

  /** Runs `pulumi` with these arguments in the project. */
  async pulumi(...args: string[]): Promise<Run> {
    const grpc = join(this.home, `${this.runs++}.grpc.jsonl`);
    const env = { ...this.env, PULUMI_DEBUG_GRPC: grpc };
    const { code, log } = await run(findTool("pulumi")?.path ?? "pulumi", [...args, "--non-interactive"], {
      cwd: this.folder,
      env,
    });
    return { code, log, calls: existsSync(grpc) ? readCalls(grpc) : [] };
  }

  /** As `pulumi`, but without waiting for the end. */
  start(...args: string[]): ChildProcess {
    const command = findTool("pulumi")?.path ?? "pulumi";
    return spawn(command, [...args, "--non-interactive"], {
      cwd: this.folder,
      env: this.env,
      stdio: "ignore",
    });
  }

  /** Creates the stack `dev`. */
  async init(config: Readonly<Record<string, string>>): Promise<void> {
    await this.must("stack", "init", "dev");
    await this.configure(config);
  }

  async configure(config: Readonly<Record<string, string>>): Promise<void> {
    for (const [key, value] of Object.entries(config)) await this.must("config", "set", key, value);
  }

  /** The exported state. */
  async state(): Promise<State> {
    const file = join(this.home, "export.json");
    await this.must("stack", "export", "--file", file);
    return JSON.parse(readFileSync(file, "utf8")) as State;
  }

  get stack(): string {
    return `urn:pulumi:dev::${this.name}`;
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }

  private async must(...args: string[]): Promise<void> {
    const { code, log } = await this.pulumi(...args);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} failed:\n${log}`);
  }
}

export interface State {
  readonly deployment: { readonly resources: readonly StateResource[] };
}

export interface StateResource {
  readonly urn: string;
  readonly id?: string;
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly initErrors?: readonly string[];
  readonly [key: string]: unknown;
}

const MAX_LOG = 64 << 20;

function run(
  command: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<{ code: number; log: string }> {
  return new Promise((resolve) => {
    execFile(command, [...args], { ...options, maxBuffer: MAX_LOG }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === "number" ? error.code : 1) : 0;
      resolve({ code, log: stdout + stderr });
    });
  });
}
