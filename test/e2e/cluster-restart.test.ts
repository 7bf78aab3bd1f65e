import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  clusterStatus,
  deleteCluster,
  readCluster,
  startCluster,
  stopCluster,
  type EmbeddedCluster,
} from "../../embedded/cluster";
import { clusterDir } from "../../embedded/home";
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
  startElsewhere,
  take,
} from "./cluster/support";

const DAY = 24 * 3600 * 1000;
const kept = { apiVersion: "v1", kind: "ConfigMap", name: "kept" };

describeWithControlPlane("embedded cluster, stopped and started", () => {
  let first: EmbeddedCluster;

  beforeAll(async () => {
    const earlier = () => new Date(Date.now() - 340 * DAY);
    first = await startCluster({ name: "two", dataPlane: "host" }, () => undefined, earlier);
    await clientOf(first).create(configMap("kept", { answer: "42" }), { fieldManager: "test" });
  });

  beforeEach(() => stopCluster("two"));

  function expectWhole(): void {
    expect(clusterStatus("two").state).toBe("running");
    const programs = processesOf(clusterDir("two")).filter((line) => !line.includes("/esbuild")); // a child of tsx
    expect(programs).toHaveLength(clusterStatus("two").components.length);
  }

  test("renews certificates with less than 30 days left, keeps data, leaves a taken port alone", async () => {
    const end = () =>
      new Date(new X509Certificate(readFileSync(join(clusterDir("two"), "pki/admin.crt"))).validTo);
    expect(end().getTime()).toBeLessThan(Date.now() + 30 * DAY);
    expect(clusterStatus("two").state).toBe("stopped");
    expect(processesOf(clusterDir("two"))).toEqual([]);
    const free = await take(first.ports.apiServer);
    const again = await start("two");
    await free();
    expect(again.ports.apiServer).not.toBe(first.ports.apiServer);
    expect(readCluster("two")).toEqual(again);
    expect(end().getTime()).toBeGreaterThan(Date.now() + 360 * DAY);
    expect((await clientOf(again).get(kept))["data"]).toEqual({ answer: "42" });
    await clientOf(again).create(pod("after-stop"), { fieldManager: "test" });
    expect(await readyPod(clientOf(again), "after-stop")).toBeDefined();
  });

  test("twice at once, from two processes: one cluster", async () => {
    const starts = [startElsewhere("two"), startElsewhere("two")];
    expect(await Promise.all(starts.map((s) => s.ended))).toEqual([0, 0]);
    expectWhole();
  });

  test("killed in the middle of a start, the next start continues", async () => {
    const broken = startElsewhere("two");
    await eventually(() => pids("two")["kube-apiserver"]);
    broken.child.kill("SIGKILL");
    await broken.ended;
    const { etcd } = pids("two");
    const again = await start("two");
    expect(etcd).toBeDefined();
    expect(pids("two").etcd).toBe(etcd);
    expectWhole();
    expect(await clientOf(again).find(kept)).toBeDefined();
  });

  test("a process whose record was lost is found and replaced", async () => {
    const lost = startElsewhere("two");
    await lost.ended;
    writeFileSync(join(clusterDir("two"), "run", "kube-scheduler.json"), "");
    await start("two");
    expectWhole();
  });

  test("a port that is taken after it was chosen: another is chosen", async () => {
    const chosen: number[] = [];
    let holder: Promise<() => Promise<void>> | undefined;
    const again = await start("two", (line) => {
      if (line.startsWith("starting")) chosen.push(readCluster("two")?.ports.apiServer ?? 0);
      holder ??= chosen[0] === undefined ? undefined : take(chosen[0]);
    });
    await (
      await holder
    )?.();
    expect(chosen.length).toBe(2);
    expect(again.ports.apiServer).not.toBe(chosen[0]);
    expectWhole();
    expect(await clientOf(again).find(kept)).toBeDefined();
  });

  test("a component that cannot start: its last words, and nothing is left running", async () => {
    const database = filesBelow(join(clusterDir("two"), "etcd")).find((file) => file.endsWith("/db")) ?? "";
    truncateSync(database, 100);
    await expect(start("two")).rejects.toThrow(
      /etcd ended[^]*etcd\.log[^]*failed to open database[^]*meshwright cluster delete --name two/,
    );
    expect(processesOf(clusterDir("two"))).toEqual([]);
  });

  test("a spoilt cluster.json is named, and delete removes the cluster all the same", async () => {
    const file = join(clusterDir("two"), "cluster.json");
    writeFileSync(file, "{ not json");
    const told = new RegExp(`${file} is not JSON.*meshwright cluster delete --name two`);
    await expect(start("two")).rejects.toThrow(told);
    expect(() => readCluster("two")).toThrow(told);
    writeFileSync(file, '{"name":"two"}');
    await expect(start("two")).rejects.toThrow(/lacks kubernetesVersion, server/);
    await deleteCluster("two");
    expect(existsSync(clusterDir("two"))).toBe(false);
  });
});
