import {
  clusterStatus,
  deleteCluster,
  startCluster,
  stopCluster,
  type ClusterStatus,
  type DataPlane,
} from ".";

const USAGE = "usage: main.ts start|stop|delete|status <name> [--data-plane netns|host]";

async function main(args: readonly string[]): Promise<number> {
  const [command, name, flag, value] = args;
  const progress = (line: string) => console.error(line);
  if (!name || (flag !== undefined && flag !== "--data-plane")) return usage();
  if (command === "start") {
    const dataPlane: DataPlane | undefined = value === "netns" || value === "host" ? value : undefined;
    if (flag && !dataPlane) return usage();
    const begun = Date.now();
    const cluster = await startCluster({ name, dataPlane: dataPlane ?? "host" }, progress);
    console.log(`cluster ${name} runs (${Date.now() - begun} ms): export KUBECONFIG=${cluster.kubeconfig}`);
  } else if (command === "stop") await stopCluster(name, progress);
  else if (command === "delete") await deleteCluster(name, progress);
  else if (command === "status") console.log(printStatus(clusterStatus(name)));
  else return usage();
  return 0;
}

function printStatus(status: ClusterStatus): string {
  const megabytes = (bytes: number | undefined) =>
    bytes === undefined ? "" : `${Math.round(bytes / 1e6)} MB`;
  const lines = status.components.map((c) =>
    [c.name.padEnd(24), c.state.padEnd(8), String(c.pid ?? "").padEnd(8), megabytes(c.residentBytes)].join(
      " ",
    ),
  );
  return [`cluster ${status.name}: ${status.state}`, ...lines].join("\n");
}

function usage(): number {
  console.error(USAGE);
  return 2;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  },
);
