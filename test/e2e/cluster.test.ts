import { spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  clusterStatus,
  deleteCluster,
  listClusters,
  readCluster,
  startCluster,
  stopCluster,
  type ComponentName,
  type EmbeddedCluster,
} from "../../embedded/cluster";
import { clusterDir } from "../../embedded/home";
import type { KubeObject } from "../../kube";
import {
  clientOf,
  configMap,
  describeWithControlPlane,
  filesBelow,
  pod,
  processesOf,
  readyPod,
} from "./cluster/support";

const DAY = 24 * 3600 * 1000;
const quiet = () => undefined;
const home = mkdtempSync(join(tmpdir(), "meshwright-cluster-"));
const outside = process.env["MESHWRIGHT_HOME"];

function start(name: string, progress: (line: string) => void = quiet): Promise<EmbeddedCluster> {
  return startCluster({ name, dataPlane: "host" }, progress);
}

function pids(name: string): Partial<Record<ComponentName, number | undefined>> {
  return Object.fromEntries(clusterStatus(name).components.map((c) => [c.name, c.pid]));
}

function pidOf(name: string, component: ComponentName): number {
  const pid = pids(name)[component];
  if (pid === undefined) throw new Error(`${component} does not run`);
  return pid;
}

/** A start from a process of its own, as a second terminal would do it. */
function startElsewhere(name: string) {
  const main = join(__dirname, "../../embedded/cluster/main.ts");
  const child = spawn(process.execPath, ["--require", "tsx/cjs", main, "start", name], { stdio: "ignore" });
  return { child, ended: new Promise<number | null>((resolve) => child.once("exit", resolve)) };
}

function anonymously(cluster: EmbeddedCluster, path: string): Promise<number | undefined> {
  const options = { host: "127.0.0.1", port: cluster.ports.apiServer, path, rejectUnauthorized: false };
  return new Promise((resolve, reject) => {
    request(options, (response) => resolve(response.resume().statusCode))
      .on("error", reject)
      .end();
  });
}

function take(port: number): Promise<{ free(): Promise<void> }> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () =>
      resolve({ free: () => new Promise((freed) => void server.close(() => freed())) }),
    );
  });
}

describeWithControlPlane("embedded cluster", () => {
  let one: EmbeddedCluster;
  let two: EmbeddedCluster;

  beforeAll(async () => {
    process.env["MESHWRIGHT_HOME"] = home;
    const earlier = () => new Date(Date.now() - 340 * DAY);
    [one, two] = await Promise.all([
      start("one"),
      startCluster({ name: "two", dataPlane: "host" }, quiet, earlier),
    ]);
  });

  afterAll(async () => {
    for (const name of listClusters()) await deleteCluster(name);
    rmSync(home, { recursive: true, force: true });
    if (outside === undefined) delete process.env["MESHWRIGHT_HOME"];
    else process.env["MESHWRIGHT_HOME"] = outside;
  });

  test("two clusters stand side by side and share nothing", async () => {
    expect(listClusters()).toEqual(["one", "two"]);
    expect(one.podCidr).not.toBe(two.podCidr);
    expect(one.serviceCidr).not.toBe(two.serviceCidr);
    const ports = [...Object.values(one.ports), ...Object.values(two.ports)];
    expect(new Set(ports).size).toBe(ports.length);
    await clientOf(one).create(configMap("only-here", {}), { fieldManager: "test" });
    const wanted = { apiVersion: "v1", kind: "ConfigMap", name: "only-here" };
    expect(await clientOf(one).find(wanted)).toBeDefined();
    expect(await clientOf(two).find(wanted)).toBeUndefined();
  });

  test("pods of an unknown image become Ready on the simulated node of each zone", async () => {
    const client = clientOf(one);
    for (const [index, zone] of ["simulated-a", "simulated-b"].entries()) {
      await client.create(pod(zone, { "topology.kubernetes.io/zone": zone }), { fieldManager: "test" });
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
    const fieldManager = "test";
    await client.create(
      { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: deployment },
      { fieldManager },
    );
    await client.create({ apiVersion: "v1", kind: "Service", metadata, spec: service }, { fieldManager });
    let ready: unknown;
    for (let attempt = 0; attempt < 200 && ready !== 2; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const slices = await client.list({
        apiVersion: "discovery.k8s.io/v1",
        kind: "EndpointSlice",
        labelSelector: "kubernetes.io/service-name=web",
      });
      ready = slices.items.flatMap((slice) => (slice["endpoints"] as unknown[] | null) ?? []).length;
    }
    expect(ready).toBe(2);
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
    const open = filesBelow(root).filter(
      (file) => !file.includes("/etcd/") && (statSync(file).mode & 0o077) !== 0,
    );
    expect(open).toEqual([]);
    expect(filesBelow(root).some((file) => file.endsWith("ca.key"))).toBe(true);
  });

  test("Secrets lie encrypted in the database", async () => {
    const [secret, plain] = ["needle-in-a-secret", "needle-in-a-map"];
    const metadata = { name: "sealed", namespace: "default" };
    const fieldManager = "test";
    await clientOf(one).create(
      { apiVersion: "v1", kind: "Secret", metadata, stringData: { secret } },
      { fieldManager },
    );
    await clientOf(one).create(configMap("plain", { plain }), { fieldManager });
    const database = () =>
      filesBelow(join(clusterDir("one"), "etcd")).map((file) => readFileSync(file, "latin1"));
    expect(database().some((text) => text.includes(plain))).toBe(true);
    expect(database().some((text) => text.includes(secret))).toBe(false);
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
    const review = async (audiences: string[]): Promise<unknown> => {
      const spec = { token, audiences };
      const body: KubeObject = {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenReview",
        metadata: {},
        spec,
      };
      const answer = await client.create(body, { fieldManager: "test" });
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

  test.each(["kube-scheduler", "etcd", "kube-apiserver"] as const)(
    "a killed %s is repaired",
    async (component) => {
      const before = pids("one");
      process.kill(pidOf("one", component), "SIGKILL");
      while (pids("one")[component] !== undefined) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(clusterStatus("one").state).toBe("partly");
      await start("one");
      expect(clusterStatus("one").state).toBe("running");
      expect({ ...pids("one"), [component]: 0 }).toEqual({ ...before, [component]: 0 });
      await clientOf(one).create(pod(`after-${component}`), { fieldManager: "test" });
      expect(await readyPod(clientOf(one), `after-${component}`)).toBeDefined();
    },
  );

  test("a cluster that was made another way is not silently changed", async () => {
    const file = join(clusterDir("one"), "cluster.json");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace('"host"', '"netns"'));
    await expect(start("one")).rejects.toThrow(/made with data plane "netns"/);
    writeFileSync(file, text);
  });

  describe("stopped and started", () => {
    test("renews certificates with less than 30 days left, keeps data, leaves a taken port alone", async () => {
      const certificate = () => new X509Certificate(readFileSync(join(clusterDir("two"), "pki/admin.crt")));
      expect(new Date(certificate().validTo).getTime()).toBeLessThan(Date.now() + 30 * DAY);
      await clientOf(two).create(configMap("kept", { answer: "42" }), { fieldManager: "test" });
      await stopCluster("two");
      expect(clusterStatus("two").state).toBe("stopped");
      expect(processesOf(clusterDir("two"))).toEqual([]);
      const taken = await take(two.ports.apiServer);
      const again = await start("two");
      await taken.free();
      expect(again.ports.apiServer).not.toBe(two.ports.apiServer);
      expect(readCluster("two")).toEqual(again);
      expect(new Date(certificate().validTo).getTime()).toBeGreaterThan(Date.now() + 360 * DAY);
      const kept = await clientOf(again).get({ apiVersion: "v1", kind: "ConfigMap", name: "kept" });
      expect(kept["data"]).toEqual({ answer: "42" });
      await clientOf(again).create(pod("after-stop"), { fieldManager: "test" });
      expect(await readyPod(clientOf(again), "after-stop")).toBeDefined();
    });

    test("twice at once, from two processes: one cluster", async () => {
      await stopCluster("two");
      const starts = [startElsewhere("two"), startElsewhere("two")];
      expect(await Promise.all(starts.map((s) => s.ended))).toEqual([0, 0]);
      expect(clusterStatus("two").state).toBe("running");
      const count = clusterStatus("two").components.length;
      expect(processesOf(clusterDir("two"))).toHaveLength(count);
    });

    test("killed in the middle of a start, the next start continues", async () => {
      await stopCluster("two");
      const broken = startElsewhere("two");
      while (pids("two")["kube-apiserver"] === undefined)
        await new Promise((resolve) => setTimeout(resolve, 10));
      broken.child.kill("SIGKILL");
      await broken.ended;
      const { etcd } = pids("two");
      const again = await start("two");
      expect(pids("two").etcd).toBe(etcd);
      expect(clusterStatus("two").state).toBe("running");
      expect(processesOf(clusterDir("two"))).toHaveLength(clusterStatus("two").components.length);
      expect(await clientOf(again).find({ apiVersion: "v1", kind: "ConfigMap", name: "kept" })).toBeDefined();
    });

    test("a port that is taken after it was chosen: another is chosen", async () => {
      await stopCluster("two");
      const taken: Promise<{ free(): Promise<void> }>[] = [];
      const lines: string[] = [];
      const again = await start("two", (line) => {
        if (line.startsWith("starting")) taken.push(take(readCluster("two")?.ports.apiServer ?? 0));
        lines.push(line);
      });
      expect(lines.join("\n")).toMatch(/kube-apiserver was to listen on was taken/);
      for (const port of taken.slice(0, 1)) await (await port).free();
      await expect(clientOf(again).list({ apiVersion: "v1", kind: "Namespace" })).resolves.toBeDefined();
      for (const port of taken.slice(1)) await (await port.catch(() => undefined))?.free();
    });

    test("a component that cannot start: its last words, and nothing is left running", async () => {
      await stopCluster("two");
      const database = filesBelow(join(clusterDir("two"), "etcd")).find((file) => file.endsWith("/db")) ?? "";
      truncateSync(database, 100);
      await expect(start("two")).rejects.toThrow(/etcd ended[^]*etcd\.log[^]*meshwright cluster delete two/);
      expect(processesOf(clusterDir("two"))).toEqual([]);
    });

    test("a spoilt cluster.json is named, and delete removes the cluster all the same", async () => {
      const file = join(clusterDir("two"), "cluster.json");
      writeFileSync(file, "{ not json");
      const told = new RegExp(`${file} is not JSON.*meshwright cluster delete two`);
      await expect(start("two")).rejects.toThrow(told);
      expect(() => readCluster("two")).toThrow(told);
      await deleteCluster("two");
      expect(existsSync(clusterDir("two"))).toBe(false);
    });
  });

  test("delete leaves no process and no file, and may be repeated", async () => {
    const running = Object.values(pids("one")).filter((pid) => pid !== undefined);
    expect(running.length).toBeGreaterThanOrEqual(5);
    await deleteCluster("one");
    for (const pid of running) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
    expect(processesOf(home)).toEqual([]);
    expect(filesBelow(home)).toEqual([]);
    await deleteCluster("one");
    await stopCluster("one");
    expect(clusterStatus("one").state).toBe("absent");
  });
});
