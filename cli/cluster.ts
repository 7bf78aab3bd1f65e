import { Command } from "commander";
import { clusterStatus, deleteCluster, listClusters, readCluster, stopCluster } from "../embedded/cluster";
import { clusterMachine } from "../providers/registry";
import type { ClusterMachine } from "../providers/types";
import { exitCode, UserError } from "./exit";
import { terminalOutput } from "./output";

const DEFAULT_NAME = "local";

interface Named {
  readonly name: string;
  readonly json?: true;
}

function named(command: Command): Command {
  return command
    .option("--name <name>", "the cluster's name", DEFAULT_NAME)
    .option("--json", "print one JSON document");
}

function describeStatus(name: string): string {
  const status = clusterStatus(name);
  const parts = status.components.map(
    ({ name: component, state, residentBytes }) =>
      `  ${component.padEnd(24)}${state}${residentBytes === undefined ? "" : `  ${Math.round(residentBytes / 1e6)} MB`}`,
  );
  return [`Cluster ${name}: ${status.state}`, ...parts].join("\n");
}

function requireCluster(name: string): string {
  const cluster = readCluster(name);
  if (cluster !== undefined) return cluster.kubeconfig;
  const others = listClusters();
  throw new UserError(
    `there is no embedded cluster ${JSON.stringify(name)}`,
    others.length === 0
      ? "start one: meshwright cluster start"
      : "see those there are: meshwright cluster list",
  );
}

function embeddedMachine(name: string): ClusterMachine | undefined {
  return clusterMachine({ kind: "local", name, backend: "embedded" });
}

/** `meshwright cluster`: an embedded cluster by itself, without a stack. */
export function clusterCommand(): Command {
  const cluster = new Command("cluster").description(
    "an embedded Kubernetes cluster of this machine, by itself",
  );
  named(cluster.command("start").description("start it, or repair what has died in it")).action(
    async ({ name, json }: Named) => {
      const output = terminalOutput(json === true);
      await embeddedMachine(name)?.start(output.progress);
      output.result(
        () => `Cluster ${name} runs: export KUBECONFIG=${requireCluster(name)}`,
        clusterStatus(name),
      );
    },
  );
  named(cluster.command("stop").description("stop it and keep its data")).action(
    async ({ name, json }: Named) => {
      const output = terminalOutput(json === true);
      requireCluster(name);
      await stopCluster(name, output.progress);
      output.result(() => `Cluster ${name} is stopped; its data is kept`, clusterStatus(name));
    },
  );
  named(cluster.command("delete").description("remove it with all its data")).action(
    async ({ name, json }: Named) => {
      const output = terminalOutput(json === true);
      await deleteCluster(name, output.progress);
      output.result(() => `Cluster ${name} is gone`, clusterStatus(name));
    },
  );
  named(cluster.command("status").description("which parts of it run")).action(({ name, json }: Named) => {
    const status = clusterStatus(name);
    terminalOutput(json === true).result(() => describeStatus(name), status);
    process.exitCode = status.state === "running" ? exitCode.ok : exitCode.failed;
  });
  named(cluster.command("kubeconfig").description("print the path of its kubeconfig")).action(
    ({ name, json }: Named) => {
      const path = requireCluster(name);
      terminalOutput(json === true).result(() => path, { path });
    },
  );
  addList(cluster);
  return cluster;
}

function addList(cluster: Command): void {
  cluster
    .command("list")
    .description("the clusters of this machine")
    .option("--json", "print one JSON document")
    .action(({ json }: { json?: true }) => {
      const clusters = listClusters();
      const text = (): string => (clusters.length === 0 ? "no clusters" : clusters.map(String).join("\n"));
      terminalOutput(json === true).result(text, clusters);
    });
}
