import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deleteCluster, startCluster } from "../embedded/cluster";
import { Project } from "../test/e2e/stack/project";
import { helmInstall } from "./up-helm";

/**
 * `pulumi up` of Istio's CRDs, istiod and strict mTLS on an empty embedded cluster against `helm install --wait` of the
 * same charts; a second `up` and a refresh against an empty program's `up`. All sides in turn in one run (`--runs 3`),
 * medians; istiod is real on both sides. Counts of what the engine was asked for come from one more `up`, not timed.
 */
const runs = Number(process.argv[process.argv.indexOf("--runs") + 1]) || 3;
const dataPlane = process.platform === "linux" && process.getuid?.() === 0 ? "netns" : "host";
/** Unchanged updates in each run. */
const PAIRS = 5;
const folder = mkdtempSync(join(tmpdir(), "meshwright-bench-"));
process.env["MESHWRIGHT_HOME"] = folder;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function onCluster<T>(run: (name: string, kubeconfig: string) => Promise<T>): Promise<T> {
  const name = "bench";
  const { kubeconfig } = await startCluster({ name, dataPlane }, () => undefined);
  try {
    return await run(name, kubeconfig);
  } finally {
    await deleteCluster(name, () => undefined);
  }
}

async function timed(project: Project, ...args: readonly string[]): Promise<number> {
  const begun = performance.now();
  // As `npm run up` does it.
  await project.must([...args, "--yes", "--skip-preview", "--parallel=64"]);
  return performance.now() - begun;
}

async function withProject<T>(
  program: string,
  env: { readonly [name: string]: string },
  run: (p: Project) => Promise<T>,
): Promise<T> {
  const project = new Project(program, env);
  try {
    await project.init();
    return await run(project);
  } finally {
    project.remove();
  }
}

/** One `up` from nothing, then unchanged ones in turn with an empty program's. */
async function pulumiSide(name: string) {
  return withProject("bench/empty-program", {}, (empty) =>
    withProject("bench/up-program", { BENCH_CLUSTER: name }, async (project) => {
      const up = await timed(project, "up");
      await timed(empty, "up");
      const pairs: { second: number; empty: number }[] = [];
      for (let i = 0; i < PAIRS; i++) {
        pairs.push({ second: await timed(project, "up"), empty: await timed(empty, "up") });
      }
      const changes = await project.changes();
      const refresh = await timed(project, "refresh");
      return { up, pairs, changes, refresh, refreshChanges: await project.changes() };
    }),
  );
}

/** How often each gRPC method was called in one `up` on an empty cluster and in the one after it. */
async function counts(name: string) {
  const log = join(folder, "grpc.json");
  const read = (): { readonly [method: string]: number } => {
    const counted: { [method: string]: number } = {};
    for (const line of readFileSync(log, "utf8")
      .split("\n")
      .filter((l) => l.includes('"request_started"'))) {
      const method = (JSON.parse(line) as { method: string }).method.split("/").pop() ?? "";
      counted[method] = (counted[method] ?? 0) + 1;
    }
    rmSync(log);
    return counted;
  };
  return withProject("bench/up-program", { BENCH_CLUSTER: name, PULUMI_DEBUG_GRPC: log }, async (project) => {
    await timed(project, "up");
    const first = read();
    await timed(project, "up");
    return { first, second: read() };
  });
}

function median(values: readonly number[]): number {
  return Math.round([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN);
}

async function main(): Promise<void> {
  say("counting");
  const counted = await onCluster(counts); // also fills the caches of transpiled files and rendered charts
  const all: { helm: number; pulumi: Awaited<ReturnType<typeof pulumiSide>> }[] = [];
  for (let i = 1; i <= runs; i++) {
    say(`run ${i} of ${runs}`);
    const helm = await onCluster(helmInstall);
    const pulumi = await onCluster(pulumiSide);
    all.push({ helm, pulumi });
    say(JSON.stringify(all[all.length - 1]));
  }
  const helmMs = median(all.map((r) => r.helm));
  const pairs = all.flatMap((r) => r.pulumi.pairs);
  const emptyMs = median(pairs.map((p) => p.empty));
  const upMs = median(all.map((r) => r.pulumi.up));
  const secondMs = median(pairs.map((p) => p.second));
  const ratio = (a: number, b: number): number => Number((a / b).toFixed(2));
  console.log(
    JSON.stringify({
      bench: "up",
      runs,
      dataPlane,
      up: { pulumiMs: upMs, helmMs, ratio: ratio(upMs, helmMs), target: 2 },
      second: { pulumiMs: secondMs, emptyMs, ratio: ratio(secondMs, emptyMs), target: 1.5 },
      secondChanges: all[0]?.pulumi.changes,
      refresh: { ms: median(all.map((r) => r.pulumi.refresh)), changes: all[0]?.pulumi.refreshChanges },
      counts: counted,
    }),
  );
}

main()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => rmSync(folder, { recursive: true, force: true }));
