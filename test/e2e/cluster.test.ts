import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import {
  clusterStatus,
  deleteCluster,
  listClusters,
  stopCluster,
  type EmbeddedCluster,
} from "../../embedded/cluster";
import { identify } from "../../embedded/cluster/process";
import { clusterDir } from "../../embedded/home";
import type { KubeObject } from "../../kube";
import {
  clientOf,
  configMap,
  describeWithControlPlane,
  eventually,
  filesBelow,
  pids,
  pod,
  processesOf,
  readyPod,
  start,
} from "./cluster/support";

const fieldManager = "test";

function anonymously(cluster: EmbeddedCluster, path: string): Promise<number | undefined> {
  const options = { host: "127.0.0.1", port: cluster.ports.apiServer, path, rejectUnauthorized: false };
  return new Promise((resolve, reject) => {
    request(options, (response) => resolve(response.resume().statusCode))
      .on("error", reject)
      .end();
  });
}

describeWithControlPlane("embedded cluster", (home) => {
  let one: EmbeddedCluster;
  let two: EmbeddedCluster;

  beforeAll(async () => {
    [one, two] = await Promise.all([start("one"), start("two")]);
  });

  test("two clusters stand side by side and share nothing", async () => {
    expect(listClusters()).toEqual(["one", "two"]);
    expect(one.podCidr).not.toBe(two.podCidr);
    expect(one.serviceCidr).not.toBe(two.serviceCidr);
    const ports = [one, two].flatMap(({ ports: own }) => [own.apiServer, own.extender, own.webhook]);
    expect(new Set(ports).size).toBe(ports.length);
    await clientOf(one).create(configMap("only-here", {}), { fieldManager });
    const wanted = { apiVersion: "v1", kind: "ConfigMap", name: "only-here" };
    expect(await clientOf(one).find(wanted)).toBeDefined();
    expect(await clientOf(two).find(wanted)).toBeUndefined();
  });

  test("pods of an unknown image become Ready on the simulated node of each zone", async () => {
    const client = clientOf(one);
    for (const [index, zone] of ["simulated-a", "simulated-b"].entries()) {
      await client.create(pod(zone, { "topology.kubernetes.io/zone": zone }), { fieldManager });
      const ready = await readyPod(client, zone);
      expect(ready?.node).toBe(`one-simulated-${index}`);
      expect(ready?.ip.split(".").slice(0, 2)).toEqual(one.podCidr.split(".").slice(0, 2));
      const node = await client.get({ apiVersion: "v1", kind: "Node", name: ready?.node ?? "" });
      expect(node.metadata.labels?.["meshwright.dev/simulated"]).toBe("true");
    }
  });

  test("a Deployment gets its pods and a Service its endpoints", async () => {
    const client = clientOf(one);
    const labels = { app: "web" };
    const template = { metadata: { labels }, spec: pod("web")["spec"] };
    const deployment = { replicas: 2, selector: { matchLabels: labels }, template };
    const metadata = { name: "web", namespace: "default" };
    const service = { selector: labels, ports: [{ port: 80 }] };
    await client.create(
      { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: deployment },
      { fieldManager },
    );
    await client.create({ apiVersion: "v1", kind: "Service", metadata, spec: service }, { fieldManager });
    const slicesOfWeb = {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      labelSelector: "kubernetes.io/service-name=web",
    };
    const both = await eventually<unknown[]>(async () => {
      const slices = await client.list(slicesOfWeb);
      const endpoints = slices.items.flatMap((slice) => (slice["endpoints"] as unknown[] | null) ?? []);
      return endpoints.length === 2 ? endpoints : undefined;
    });
    expect(both).toHaveLength(2);
  });

  test("a caller without credentials learns that the server lives, and nothing else", async () => {
    expect(await anonymously(one, "/livez")).toBe(200);
    for (const path of ["/api/v1/secrets", "/api/v1/namespaces", "/version", "/apis"]) {
      expect([path, await anonymously(one, path)]).toEqual([path, 401]);
    }
  });

  test("nobody but the owner may enter the folder or read a file in it", () => {
    const root = clusterDir("one");
    expect(statSync(root).mode & 0o777).toBe(0o700);
    const open = filesBelow(root).filter((file) => (statSync(file).mode & 0o077) !== 0);
    expect(open).toEqual([]);
    expect(filesBelow(root).some((file) => file.endsWith("ca.key"))).toBe(true);
  });

  test("Secrets lie encrypted in the database", async () => {
    const [secret, plain] = ["needle-in-a-secret", "needle-in-a-map"];
    const metadata = { name: "sealed", namespace: "default" };
    await clientOf(one).create(
      { apiVersion: "v1", kind: "Secret", metadata, stringData: { secret } },
      { fieldManager },
    );
    await clientOf(one).create(configMap("plain", { plain }), { fieldManager });
    const holds = (needle: string) =>
      filesBelow(join(clusterDir("one"), "etcd")).some((file) =>
        readFileSync(file, "latin1").includes(needle),
      );
    expect(holds(plain)).toBe(true);
    expect(holds(secret)).toBe(false);
    expect(holds(Buffer.from(secret).toString("base64"))).toBe(false);
  });

  test("a token asked for istio-ca is good for istio-ca alone", async () => {
    const client = clientOf(one);
    const account = { apiVersion: "v1", kind: "ServiceAccount", name: "default", namespace: "default" };
    const asked = await client.createSubresource(
      { ...account, subresource: "token" },
      {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        metadata: {},
        spec: { audiences: ["istio-ca"] },
      },
    );
    const token = (asked["status"] as { token: string }).token;
    const review = async (audiences: string[]): Promise<boolean> => {
      const spec = { token, audiences };
      const body: KubeObject = {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenReview",
        metadata: {},
        spec,
      };
      const answer = await client.create(body, { fieldManager });
      return (answer["status"] as { authenticated?: boolean }).authenticated ?? false;
    };
    expect(await review(["istio-ca"])).toBe(true);
    expect(await review([])).toBe(false);
  });

  test("a start of a running cluster changes nothing", async () => {
    const before = pids("one");
    const lines: string[] = [];
    expect(await start("one", (line) => lines.push(line))).toEqual(one);
    expect(pids("one")).toEqual(before);
    expect(lines).toEqual([]);
  });

  test.each(["kube-scheduler", "etcd", "kube-apiserver", "kwok", "node-agent"] as const)(
    "a killed %s is repaired, and nothing else touched",
    async (component) => {
      const before = pids("one");
      process.kill(before[component] ?? 0, "SIGKILL");
      await eventually(() => (pids("one")[component] === undefined ? true : undefined));
      expect(clusterStatus("one").state).toBe("partly");
      await start("one");
      expect(clusterStatus("one").state).toBe("running");
      expect({ ...pids("one"), [component]: 0 }).toEqual({ ...before, [component]: 0 });
      await clientOf(one).create(pod(`after-${component}`), { fieldManager });
      expect(await readyPod(clientOf(one), `after-${component}`)).toBeDefined();
    },
  );

  test("a record of a process whose pid was given to another is not believed", async () => {
    const file = join(clusterDir("two"), "run", "kwok.json");
    const record = JSON.parse(readFileSync(file, "utf8")) as { pid: number };
    await stopCluster("two");
    writeFileSync(file, JSON.stringify({ ...record, pid: process.pid }));
    expect(clusterStatus("two").state).toBe("stopped");
    await deleteCluster("two"); // and this process lives to see it
    expect(existsSync(clusterDir("two"))).toBe(false);
  });

  test("another data plane is not silently taken", async () => {
    const file = join(clusterDir("one"), "cluster.json");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace('"host"', '"netns"'));
    await expect(start("one")).rejects.toThrow(/made with data plane "netns", not "host"/);
    writeFileSync(file, text);
  });

  test("delete leaves no process and no file, and may be repeated", async () => {
    const running = Object.values(pids("one")).filter((pid) => pid !== undefined);
    expect(running.length).toBeGreaterThanOrEqual(5);
    await deleteCluster("one");
    expect(running.flatMap((pid) => identify(pid) ?? [])).toEqual([]);
    expect(processesOf(home)).toEqual([]);
    expect(filesBelow(home)).toEqual([]);
    await deleteCluster("one");
    await stopCluster("one");
    expect(clusterStatus("one").state).toBe("absent");
  });
});
