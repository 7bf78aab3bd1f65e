import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { clusterStatus, deleteCluster, startCluster } from "../../embedded/cluster";
import { clusterDir } from "../../embedded/home";
import { execInPod, reachPod, runningPods } from "../../embedded/node/exec";
import type { KubeObject } from "../../kube";
import { eventually } from "./cluster/support";
import { applyAll, describeOnProcessNode, get, podsOf, readyPods, traces } from "./node/support";

const SERVER = `
const http = require("http"), os = require("os");
const server = http.createServer((request, response) => response.end(os.hostname() + " " + process.pid));
server.listen(Number(process.env.PORT ?? 8080));
process.on("SIGTERM", () => process.exit(0));
`;

const meta = (name: string) => ({ name, namespace: "default" });

function deployment(name: string, replicas: number, pod: object): KubeObject {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: meta(name),
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
  };
}

function bare(name: string, spec: object): KubeObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { ...meta(name), labels: { app: name } }, spec };
}

const configMap = (name: string, data: object): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: meta(name),
  data,
});

const shell = (name: string, script: string, parts: object = {}) => ({
  ...{ name, image: "node:20-alpine", command: ["sh", "-c", script] },
  ...parts,
});

describeOnProcessNode("the process node", [], ({ cluster, client }) => {
  const web = {
    containers: [
      {
        name: "web",
        image: "docker.io/library/node:20-alpine",
        args: ["/app/server.js"],
        ports: [{ name: "http", containerPort: 8080 }],
        readinessProbe: { httpGet: { port: "http" } },
        securityContext: { runAsUser: 1000, readOnlyRootFilesystem: true },
        volumeMounts: [{ name: "app", mountPath: "/app" }],
      },
    ],
    volumes: [{ name: "app", configMap: { name: "app" } }],
  };

  beforeAll(async () => {
    const service = { selector: { app: "web" }, ports: [{ port: 80, targetPort: "http" }] };
    await applyAll(client(), [
      configMap("app", { "server.js": SERVER, setting: "before" }),
      deployment("web", 2, web),
      { apiVersion: "v1", kind: "Service", metadata: meta("web"), spec: service },
    ]);
    await readyPods(client(), ["default", "app=web"], 2);
  });

  test("runs pods of known images with addresses of their own, reached at them and through their Service", async () => {
    const pods = await readyPods(client(), ["default", "app=web"], 2);
    expect(pods.map(({ node }) => node)).toEqual(["node-test-process-0", "node-test-process-0"]);
    for (const { name, ip } of pods) {
      expect(reachPod("node-test", { namespace: "default", name }, 8080)).toEqual({ host: ip, port: 8080 });
      expect(await get(`http://${ip}:8080`)).toEqual({ code: 200, body: `${name} 1` });
    }
    const service = await client().get({ apiVersion: "v1", kind: "Service", name: "web" });
    const ip = (service["spec"] as { clusterIP: string }).clusterIP;
    const answered = new Set<string>();
    const both = await eventually(async () => {
      answered.add((await get(`http://${ip}`)).body);
      return answered.size === 2 ? true : undefined;
    });
    expect(both).toBe(true);
    const code =
      "Promise.all([...Array(30)].map(() => fetch('http://web.default', { headers: { connection: 'close' } }).then((r) => r.text()))).then((all) => console.log(new Set(all).size))";
    const [{ name = "" } = {}] = pods;
    const inside = await execInPod(
      "node-test",
      { namespace: "default", name },
      { argv: ["node", "-e", code] },
    );
    expect(inside).toEqual({ code: 0, stdout: "2\n", stderr: "" });
  });

  test("shuts a container off from the machine, and lets it ask the API server as its service account", async () => {
    const [{ name = "" } = {}] = await readyPods(client(), ["default", "app=web"], 2);
    const run = (script: string) =>
      execInPod("node-test", { namespace: "default", name }, { argv: ["sh", "-c", script] });
    expect((await run("id -u; ls /root /home /work | tr '\\n' ' '")).stdout).toBe(
      "1000\n/home: node  /root: ",
    );
    expect((await run("ls / | tr '\\n' ' '")).stdout).toBe(
      "app bin dev etc home lib lib64 proc root run sbin sys tmp usr var ",
    );
    expect((await run("touch /x")).stderr).toContain("Read-only file system");
    expect((await run("grep CapBnd /proc/self/status; grep NoNewPrivs /proc/self/status")).stdout).toContain(
      "NoNewPrivs:\t1",
    );
    const account = "/var/run/secrets/kubernetes.io/serviceaccount";
    const ask = `const { readFileSync: f } = require("fs"); require("https").get({ host: "kubernetes.default.svc", path: "/api/v1/pods", ca: f("${account}/ca.crt"), headers: { authorization: "Bearer " + f("${account}/token") } }, (r) => { let t = ""; r.on("data", (c) => (t += c)).on("end", () => console.log(JSON.parse(t).message)); })`;
    const asked = await execInPod("node-test", { namespace: "default", name }, { argv: ["node", "-e", ask] });
    expect(asked.stdout).toContain(
      'User "system:serviceaccount:default:default" cannot list resource "pods"',
    );
  });

  test("brings changes of a ConfigMap into the files of running containers", async () => {
    const [{ name = "", restarts = [] } = {}] = await readyPods(client(), ["default", "app=web"], 2);
    await applyAll(client(), [configMap("app", { "server.js": SERVER, setting: "after" })]);
    const read = async () =>
      (await execInPod("node-test", { namespace: "default", name }, { argv: ["cat", "/app/setting"] }))
        .stdout;
    expect(await eventually(async () => ((await read()) === "after" ? true : undefined))).toBe(true);
    expect(restarts).toEqual([0]);
  });

  test("runs init containers in order, then sidecars, then the rest, with what they hand on", async () => {
    const mount = { volumeMounts: [{ name: "scratch", mountPath: "/scratch" }] };
    await applyAll(client(), [
      bare("steps", {
        initContainers: [
          shell("one", "echo one >> /scratch/log", mount),
          shell("side", "echo side >> /scratch/log; sleep 1; echo up > /scratch/up; exec sleep 1000", {
            ...mount,
            restartPolicy: "Always",
            startupProbe: { exec: { command: ["test", "-e", "/scratch/up"] }, periodSeconds: 1 },
          }),
          shell("two", "test -e /scratch/up && echo two >> /scratch/log", mount),
        ],
        containers: [
          shell("main", "echo main >> /scratch/log; cat /scratch/log > /dev/termination-log; exit 3", mount),
        ],
        volumes: [{ name: "scratch", emptyDir: {} }],
        restartPolicy: "Never",
        terminationGracePeriodSeconds: 1,
      }),
    ]);
    const status = await eventually(async () => {
      const [pod] = await podsOf(client(), "default", "app=steps");
      return pod?.phase === "Failed"
        ? (pod.object["status"] as { containerStatuses: { state: object }[] })
        : undefined;
    });
    expect(status?.containerStatuses[0]?.state).toMatchObject({
      terminated: { exitCode: 3, reason: "Error", message: "one\nside\ntwo\nmain\n" },
    });
  });

  test("restarts what fails, and what its liveness probe finds dead", async () => {
    const probe = {
      httpGet: { port: 8080, path: "/" },
      periodSeconds: 1,
      failureThreshold: 2,
      initialDelaySeconds: 1,
    };
    await applyAll(client(), [
      bare("fails", { containers: [shell("main", "exit 1")] }),
      bare("hangs", {
        containers: [shell("main", "exec sleep 1000", { livenessProbe: probe })],
        terminationGracePeriodSeconds: 1,
      }),
    ]);
    for (const name of ["fails", "hangs"]) {
      const again = await eventually(async () => {
        const [pod] = await podsOf(client(), "default", `app=${name}`);
        return (pod?.restarts[0] ?? 0) >= 2 ? pod?.phase : undefined;
      });
      expect([name, again]).toEqual([name, "Running"]);
    }
    const { items } = await client().list({
      apiVersion: "v1",
      kind: "Event",
      namespace: "default",
      fieldSelector: "involvedObject.name=hangs",
    });
    expect(items.map((event) => event["reason"])).toEqual(expect.arrayContaining(["Unhealthy", "Killing"]));
    for (const name of ["fails", "hangs", "steps"]) {
      await client().delete({ apiVersion: "v1", kind: "Pod", name }, { propagation: "Background" });
    }
  });

  test("completes a Job, and says why a container cannot start", async () => {
    const job = { template: { spec: { restartPolicy: "Never", containers: [shell("main", "exit 0")] } } };
    const broken = shell("main", "true", {
      env: [{ name: "X", valueFrom: { configMapKeyRef: { name: "nope", key: "x" } } }],
    });
    await applyAll(client(), [
      { apiVersion: "batch/v1", kind: "Job", metadata: meta("once"), spec: job },
      bare("broken", { containers: [broken] }),
    ]);
    const done = await eventually(async () => {
      const { status } = (await client().get({ apiVersion: "batch/v1", kind: "Job", name: "once" })) as {
        status?: { succeeded?: number };
      };
      return status?.succeeded;
    });
    expect(done).toBe(1);
    const why = await eventually(async () => {
      const [pod] = await podsOf(client(), "default", "app=broken");
      const { containerStatuses = [] } = pod?.object["status"] as {
        containerStatuses?: { state: { waiting?: { message?: string } } }[];
      };
      return containerStatuses[0]?.state.waiting?.message;
    });
    expect(why).toBe("variable X: ConfigMap nope not found in namespace default");
    await client().delete({ apiVersion: "v1", kind: "Pod", name: "broken" }, { propagation: "Background" });
  });

  test("leaves unknown images to simulated nodes, and marks a DaemonSet's pod that must be here", async () => {
    const labels = { app: "unknown" };
    const template = {
      metadata: { labels },
      spec: { containers: [{ name: "x", image: "example.com/nobody/knows:1" }] },
    };
    await applyAll(client(), [
      {
        apiVersion: "apps/v1",
        kind: "DaemonSet",
        metadata: meta("unknown"),
        spec: { selector: { matchLabels: labels }, template },
      },
      bare("stranger", template.spec),
    ]);
    const pods = await readyPods(client(), ["default", "app=unknown"], 3);
    const here = pods.filter(({ node }) => node === "node-test-process-0");
    expect(here.map(({ object }) => object.metadata.annotations)).toEqual([
      { "meshwright.dev/simulated": "true" },
    ]);
    const [stranger] = await readyPods(client(), ["default", "app=stranger"], 1);
    expect(stranger?.node).toMatch(/simulated/);
    await client().delete(
      { apiVersion: "apps/v1", kind: "DaemonSet", name: "unknown" },
      { propagation: "Background" },
    );
  });

  test("goes on after its agent was killed: pods stay, what changed meanwhile is made good", async () => {
    const before = await readyPods(client(), ["default", "app=web"], 2);
    const [stays, leaves] = before;
    if (stays === undefined || leaves === undefined) throw new Error("two pods are needed");
    const processOf = async ({ ip }: { ip: string }) => (await get(`http://${ip}:8080`)).body;
    const inside = (name: string) =>
      spawnSync("ip", ["netns", "pids", runningPods("node-test")[`default/${name}`]?.netns ?? ""], {
        encoding: "utf8",
      });
    const pidsBefore = inside(stays.name).stdout;
    const agent = clusterStatus("node-test").components.find(({ name }) => name === "node-agent")?.pid ?? 0;
    process.kill(agent, "SIGKILL");
    await client().delete(
      { apiVersion: "v1", kind: "Pod", name: leaves.name },
      { propagation: "Background" },
    );
    expect(await processOf(stays)).toBe(`${stays.name} 1`);
    await startCluster({ name: "node-test", dataPlane: "netns" }, () => undefined);
    const after = await readyPods(client(), ["default", "app=web"], 2);
    expect(after.find(({ name }) => name === stays.name)?.restarts).toEqual([0]);
    expect(inside(stays.name).stdout).toBe(pidsBefore);
    const gone = await eventually(async () =>
      (await get(`http://${leaves.ip}:8080`)).code === 200 ? undefined : true,
    );
    expect(gone).toBe(true);
    expect(Object.keys(runningPods("node-test"))).not.toContain(`default/${leaves.name}`);
  });

  test("deletes a pod with all that was of it, within its grace period", async () => {
    const [pod] = await readyPods(client(), ["default", "app=web"], 2);
    const netns = runningPods("node-test")[`default/${pod?.name}`]?.netns ?? "";
    expect(traces(clusterDir("no-such-cluster"), netns)).not.toEqual([]);
    await client().delete(
      { apiVersion: "v1", kind: "Pod", name: pod?.name ?? "" },
      { propagation: "Background" },
    );
    const gone = await eventually(async () => {
      const found = await client().find({ apiVersion: "v1", kind: "Pod", name: pod?.name ?? "" });
      return found === undefined ? true : undefined;
    });
    expect(gone).toBe(true);
    expect(traces(clusterDir("no-such-cluster"), netns)).toEqual([]);
  });

  test("leaves nothing on the machine when the cluster is deleted, also after everything of it was killed", async () => {
    const folder = clusterDir("node-test");
    const { name } = cluster().network;
    expect(traces(folder, name).length).toBeGreaterThan(5);
    for (const { pid } of clusterStatus("node-test").components)
      if (pid !== undefined) process.kill(pid, "SIGKILL");
    await deleteCluster("node-test");
    expect(traces(folder, name)).toEqual([]);
    rmSync(folder, { recursive: true, force: true });
  });
});
