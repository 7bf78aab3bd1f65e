import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { paced } from "../../../cli/engine-pace";
import { installOfflineProvider } from "../../../embedded/kubernetes-provider/launcher";
import { toolsPath } from "../../../embedded/tools";

const repository = resolve(__dirname, "../../..");

export interface Outcome {
  readonly code: number;
  /** Everything that the engine said, on both streams. */
  readonly said: string;
}

/** How many resources each operation of an update touched: `{ create: 3, same: 1 }`. */
export interface Changes {
  readonly [operation: string]: number;
}

export interface State {
  readonly resources?: readonly {
    readonly urn: string;
    readonly type: string;
    readonly id?: string;
    readonly outputs?: { readonly [key: string]: unknown };
  }[];
  readonly pending_operations?: readonly {
    readonly type: string;
    readonly resource: { readonly urn: string };
  }[];
}

/** A Pulumi project with one stack, state and plugins of its own, run by the real engine. */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "meshwright-stack-"));
  private readonly env: NodeJS.ProcessEnv;

  /** `program` is a module of this repository, as a path from its root. */
  constructor(program: string, env: { readonly [name: string]: string }) {
    const home = join(this.folder, "home");
    for (const name of ["home", "backend"]) mkdirSync(join(this.folder, name));
    installOfflineProvider(home);
    const pulumi = readFileSync(join(repository, "Pulumi.yaml"), "utf8").replace(
      /^(main|stackConfigDir):.*\n/gm,
      "",
    );
    writeFileSync(join(this.folder, "Pulumi.yaml"), pulumi);
    writeFileSync(join(this.folder, "package.json"), "{}");
    const load = (file: string): string => `require(${JSON.stringify(join(repository, file))});\n`;
    writeFileSync(
      join(this.folder, "index.js"),
      `${load("bin/typescript.cjs")}module.exports = ${load(program)}`,
    );
    symlinkSync(join(repository, "node_modules"), join(this.folder, "node_modules"));
    this.env = {
      ...process.env,
      PATH: [toolsPath(), process.env["PATH"]].join(delimiter),
      PULUMI_HOME: home,
      // As the CLI sets it up (cli/engine-home.ts): a killed engine leaves a state that can be read.
      PULUMI_BACKEND_URL: `file://${join(this.folder, "backend")}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      ...paced(process.env),
      ...env,
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  async init(stack = "test"): Promise<void> {
    await this.must(["stack", "init", stack]);
  }

  up(...args: readonly string[]): Promise<Outcome> {
    return this.run(["up", "--yes", "--skip-preview", ...args]);
  }

  /** Runs the engine; throws what it said where it fails. */
  async must(args: readonly string[]): Promise<string> {
    const { code, said } = await this.run(args);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")}: exit code ${code}\n${said}`);
    return said;
  }

  /** Runs the engine. `watch` sees all that was said so far at every new line, and may kill the engine. */
  run(
    args: readonly string[],
    watch: (said: string, kill: () => void) => void = () => undefined,
  ): Promise<Outcome> {
    return new Promise((done, fail) => {
      const child = spawn("pulumi", [...args, "--non-interactive", "--color=never"], {
        cwd: this.folder,
        env: this.env,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let said = "";
      const hear = (data: Buffer): void => {
        said += data.toString();
        watch(said, () => void child.kill("SIGKILL"));
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.on("error", fail);
      child.on("close", (code) => done({ code: code ?? 137, said }));
    });
  }

  /** What the last update, refresh or destroy did. */
  async changes(): Promise<Changes> {
    const history = JSON.parse(await this.must(["stack", "history", "--json", "--page-size", "1"])) as {
      resourceChanges?: Changes;
    }[];
    return history[0]?.resourceChanges ?? {};
  }

  async state(): Promise<State> {
    const exported = JSON.parse(await this.must(["stack", "export"])) as { deployment: State };
    return exported.deployment;
  }
}
