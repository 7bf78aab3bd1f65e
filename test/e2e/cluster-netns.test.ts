import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deleteCluster, startCluster, stopCluster, type EmbeddedCluster } from "../../embedded/cluster";
import { clusterDir } from "../../embedded/home";
import { clientOf, describeWithControlPlane, processesOf } from "./cluster/support";

const root = process.platform === "linux" && process.getuid?.() === 0;
const quiet = () => undefined;

function start(): Promise<EmbeddedCluster> {
  return startCluster({ name: "net", dataPlane: "netns" }, quiet);
}

/** What the host shows of a cluster's network: namespaces, links and routes of its block. */
function traces(cluster: EmbeddedCluster): string[] {
  const said = [["netns", "list"], ["-o", "link"], ["route"]].map((args) =>
    execFileSync("ip", args, { encoding: "utf8" }),
  );
  const [a, b] = cluster.podCidr.split(".");
  const own = new RegExp(`\\b(${cluster.network.name}\\b|${a}\\.${b}\\.)`);
  return said
    .join("\n")
    .split("\n")
    .filter((line) => own.test(line));
}

if (!root && process.env["CI"] === "true")
  test("data plane netns", () => expect("not root").toBe("root on Linux"));
else if (!root) test.skip("data plane netns (skipped: needs root on Linux)", () => undefined);
else
  describeWithControlPlane("embedded cluster with a node network", (home) => {
    let cluster: EmbeddedCluster;

    beforeAll(async () => {
      cluster = await start();
    });

    test("the process node is Ready beside the simulated ones, which alone are marked", async () => {
      const { items } = await clientOf(cluster).list({ apiVersion: "v1", kind: "Node" });
      const simulated = items.map((node) => [
        node.metadata.name,
        node.metadata.labels?.["meshwright.dev/simulated"],
      ]);
      expect(simulated.sort()).toEqual([
        ["net-process-0", "false"],
        ["net-simulated-0", "true"],
        ["net-simulated-1", "true"],
      ]);
    });

    test("the API server is a Service at the host's end of the link, and its certificate says so", async () => {
      const client = clientOf(cluster);
      const slice = await client.get({
        apiVersion: "discovery.k8s.io/v1",
        kind: "EndpointSlice",
        name: "kubernetes",
      });
      expect(slice["endpoints"]).toEqual([expect.objectContaining({ addresses: [cluster.network.hostIp] })]);
      const certificate = new X509Certificate(readFileSync(join(clusterDir("net"), "pki/apiserver.crt")));
      for (const ip of [cluster.network.hostIp, cluster.network.apiServiceIp]) {
        expect(certificate.checkIP(ip)).toBe(ip);
      }
    });

    test("a stop takes the network away, a start brings the same one back, a delete leaves none", async () => {
      expect(traces(cluster)).not.toEqual([]);
      await stopCluster("net");
      expect(traces(cluster)).toEqual([]);
      expect(processesOf(home)).toEqual([]);
      expect((await start()).network).toEqual(cluster.network);
      expect(traces(cluster)).not.toEqual([]);
      await deleteCluster("net");
      expect(traces(cluster)).toEqual([]);
      expect(processesOf(home)).toEqual([]);
    });
  });
