import { filterNodes } from "../../../embedded/node/extender";
import { catalogueOf, hostCatalogueOf, imagePath, unknownImages } from "../../../embedded/node/images";
import type { Container, ContainerStatus, Pod, PodStatus } from "../../../embedded/node/k8s";
import { containerSpec } from "../../../embedded/node/pod/container-spec";
import { decide, type ContainerView, type RestartPolicy } from "../../../embedded/node/pod/decide";
import { podStatus } from "../../../embedded/node/pod/status";

const view = (
  name: string,
  role: ContainerView["role"],
  parts: Partial<ContainerView> = {},
): ContainerView => ({
  ...{ name, role, state: "none", code: 0, started: false },
  ...parts,
});
const ended = (code: number): Partial<ContainerView> => ({ state: "ended", code });
const running: Partial<ContainerView> = { state: "running" };
const started: Partial<ContainerView> = { state: "running", started: true };

describe("the next step of a pod", () => {
  test.each<[string, ContainerView[], RestartPolicy, ReturnType<typeof decide>]>([
    [
      "starts the first init container alone",
      [view("i", "init"), view("m", "main")],
      "Always",
      { start: ["i"] },
    ],
    ["waits for it", [view("i", "init", running), view("m", "main")], "Always", { start: [] }],
    [
      "starts a failed one again",
      [view("i", "init", ended(1)), view("m", "main")],
      "Always",
      { start: ["i"] },
    ],
    [
      "fails with it where nothing is restarted",
      [view("i", "init", ended(1)), view("m", "main")],
      "Never",
      { start: [], outcome: "Failed" },
    ],
    [
      "waits until a sidecar has started",
      [view("s", "sidecar", running), view("m", "main")],
      "Always",
      { start: [] },
    ],
    [
      "starts all main containers then",
      [view("s", "sidecar", started), view("a", "main"), view("b", "main")],
      "Always",
      { start: ["a", "b"] },
    ],
    [
      "brings a sidecar back whatever the policy",
      [view("s", "sidecar", ended(0)), view("m", "main", started)],
      "Never",
      { start: ["s"] },
    ],
    ["restarts a main container that ended well", [view("m", "main", ended(0))], "Always", { start: ["m"] }],
    [
      "or only after a failure",
      [view("m", "main", ended(0)), view("n", "main", ended(3))],
      "OnFailure",
      { start: ["n"] },
    ],
    [
      "succeeds when all ended well, sidecars or not",
      [view("s", "sidecar", started), view("m", "main", ended(0))],
      "OnFailure",
      { start: [], outcome: "Succeeded" },
    ],
    [
      "fails when one did not",
      [view("m", "main", ended(0)), view("n", "main", ended(3))],
      "Never",
      { start: [], outcome: "Failed" },
    ],
    [
      "waits for the others",
      [view("m", "main", ended(0)), view("n", "main", running)],
      "Never",
      { start: [] },
    ],
  ])("%s", (_name, containers, policy, decision) => {
    expect(decide(containers, policy)).toEqual(decision);
  });
});

const pod: Pod = {
  metadata: { name: "web", namespace: "shop", uid: "u" },
  spec: {
    containers: [{ name: "app", image: "node:20" }],
    initContainers: [{ name: "init", image: "hub/proxyv2:1" }],
  },
};

function containerStatus(name: string, parts: Partial<ContainerStatus>): [string, ContainerStatus] {
  const base = {
    name,
    image: "i",
    imageID: "i",
    ready: false,
    started: false,
    restartCount: 0,
    state: {},
    lastState: {},
  };
  return [name, { ...base, ...parts }];
}

describe("the status of a pod", () => {
  const now = new Date("2026-11-23T20:00:00Z");
  const over = { exitCode: 0, reason: "Completed", startedAt: "", finishedAt: "", containerID: "" };
  const init = containerStatus("init", { ready: true, state: { terminated: over } });
  const up = containerStatus("app", { ready: true, started: true, state: { running: { startedAt: "" } } });
  const condition = (status: PodStatus, type: string) => status.conditions?.find((one) => one.type === type);

  test("is Pending while it initializes", () => {
    const status = podStatus(pod, { hostIp: "h", containers: new Map(), now });
    expect(status.phase).toBe("Pending");
    expect(condition(status, "Initialized")?.status).toBe("False");
    expect(status.containerStatuses?.[0]?.state).toEqual({ waiting: { reason: "PodInitializing" } });
    expect(condition(status, "Ready")?.message).toBe("containers with unready status: [app]");
  });

  test("is Running and Ready when every container is, and keeps conditions of others and times that did not change", () => {
    const earlier = "2026-11-23T19:00:00Z";
    const before: PodStatus = {
      conditions: [
        { type: "Ready", status: "True", lastTransitionTime: earlier },
        { type: "example.com/gate", status: "True" },
      ],
    };
    const facts = { hostIp: "h", podIp: "p", containers: new Map([init, up]), now };
    const status = podStatus({ ...pod, status: before }, facts);
    expect(status.phase).toBe("Running");
    expect(condition(status, "Ready")).toEqual({
      type: "Ready",
      status: "True",
      lastTransitionTime: earlier,
    });
    expect(condition(status, "ContainersReady")?.lastTransitionTime).toBe(now.toISOString());
    expect(condition(status, "example.com/gate")?.status).toBe("True");
  });

  test("is not Ready once it is over", () => {
    const facts = { hostIp: "h", podIp: "p", containers: new Map([init, up]), now };
    const status = podStatus(pod, { ...facts, outcome: "Succeeded" });
    expect(status.phase).toBe("Succeeded");
    expect(condition(status, "Ready")).toMatchObject({ status: "False", reason: "PodCompleted" });
  });
});

const sources = { tool: () => process.execPath, bootstrap: () => process.execPath };

describe("images", () => {
  const all = catalogueOf(sources);

  test.each([
    ["docker.io/istio/pilot:1.31.0", true],
    ["mirror.example:5000/a/b/proxyv2@sha256:00", true],
    ["mirror.example:5000/library/node:20-alpine", true],
    ["node:20-alpine", true],
    ["somebody/node:20", false],
    ["pilot", false],
    ["docker.io/istio/ztunnel:1", false],
    ["nginx", false],
  ])("%s is known: %s", (image, known) => {
    expect(all(image) !== undefined).toBe(known);
  });

  test("a registry's port is no tag", () => {
    expect(imagePath("localhost:5000/x/node")).toEqual({ name: "node", prefix: "localhost:5000/x" });
  });

  test("without a network of their own only those run that can be told where to listen", () => {
    const host = hostCatalogueOf(sources);
    const images = [{ image: "hub/pilot:1" }, { image: "hub/proxyv2:1" }, { image: "node:20" }];
    expect(unknownImages({ spec: { containers: images } }, host)).toEqual(["hub/proxyv2:1", "node:20"]);
  });
});

describe("the scheduler's question", () => {
  const names = ["c-process-0", "c-simulated-0"];
  const ask = (asked: Pod) =>
    filterNodes({ Pod: asked, NodeNames: names }, "c-process-0", (p) =>
      unknownImages(p, catalogueOf(sources)),
    );
  const with1 = (image: string): Pod => ({ ...pod, spec: { containers: [{ name: "x", image }] } });

  test("sends a pod that can run to the process node, and any other to the simulated ones, saying why", () => {
    expect(ask(pod).NodeNames).toEqual(["c-process-0"]);
    expect(ask(with1("nginx"))).toEqual({
      NodeNames: ["c-simulated-0"],
      FailedNodes: { "c-process-0": "cannot run nginx" },
      Error: "",
    });
  });

  test("leaves a DaemonSet's pod where it must be", () => {
    const tied = {
      ...with1("nginx"),
      metadata: { ...pod.metadata, ownerReferences: [{ kind: "DaemonSet", name: "d", controller: true }] },
    };
    expect(ask(tied).NodeNames).toEqual(names);
  });
});

describe("what a container may do", () => {
  const image = { entrypoint: ["run"], command: ["me"], env: { A: "1" }, uid: 5, gid: 6, files: () => [] };
  const spec = (container: Partial<Container>, pods: Partial<Pod["spec"]> = {}) =>
    containerSpec(
      { ...pod, spec: { ...pod.spec, ...pods } },
      { name: "c", image: "i", ...container },
      { image, env: {}, mounts: [] },
    );

  test("follows its security context, the pod's, and the image, in this order", () => {
    expect(spec({})).toMatchObject({ uid: 5, gid: 6, noNewPrivileges: true, argv: ["run", "me"] });
    expect(
      spec(
        { securityContext: { runAsUser: 7 } },
        { securityContext: { runAsUser: 8, runAsGroup: 9, fsGroup: 10 } },
      ),
    ).toMatchObject({
      uid: 7,
      gid: 9,
      groups: [10],
    });
    const capabilities = { drop: ["ALL"], add: ["NET_ADMIN", "CAP_NET_RAW"] };
    expect(spec({ securityContext: { capabilities } }).capabilities).toEqual(["net_admin", "net_raw"]);
  });

  test("command replaces the entrypoint with its arguments, args only the arguments", () => {
    expect(spec({ command: ["own"] }).argv).toEqual(["own"]);
    expect(spec({ args: ["$(A)"] }).argv).toEqual(["run", "1"]);
  });

  test("does not reach beyond the pod", () => {
    expect(() => spec({ securityContext: { privileged: true } })).toThrow("privileged");
    expect(() => spec({ securityContext: { capabilities: { add: ["SYS_ADMIN"] } } })).toThrow(
      "sys_admin are not given",
    );
    expect(() => spec({ securityContext: { runAsUser: 0, runAsNonRoot: true } })).toThrow("runAsNonRoot");
  });
});
