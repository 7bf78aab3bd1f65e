import { CallError, type Answer } from "./support/direct";
import {
  CRD,
  crd,
  DAEMON_SET,
  DEPLOYMENT,
  JOB,
  job,
  meta,
  NAMESPACE,
  NOWHERE,
  POD,
  podSpec,
  SERVICE,
  STATEFUL_SET,
  workload,
} from "./support/manifests";
import { describePlugin, eventually } from "./support/suite";

const SECONDS = "pulumi.com/timeoutSeconds";
const SHORT = { [SECONDS]: "2" };

describePlugin("each kind is waited for until it is what it should be", [], (suite) => {
  const at = (name: string, annotations?: Record<string, string>) =>
    meta(suite().namespace, name, annotations);

  /** The reasons of a creation that kept its object but failed. */
  async function reasons(creation: Promise<Answer>): Promise<readonly string[]> {
    const error: unknown = await creation.then(
      () => undefined,
      (failure: unknown) => failure,
    );
    if (!(error instanceof CallError)) throw new Error("the creation did not fail");
    expect(error.properties).toMatchObject({
      __fieldManager: expect.stringMatching(/^pulumi-kubernetes-/) as string,
    });
    return error.reasons;
  }

  const timedOut = (name: string) =>
    expect.stringContaining(
      `was successfully created, but the Kubernetes API server reported that it failed to fully initialize or become live: '${name}' timed out waiting to be Ready`,
    ) as string;

  test("a Deployment rolls out, and again after an update", async () => {
    const { plugin } = suite();
    const made = await plugin.create(DEPLOYMENT, workload("Deployment", at("web"), { replicas: 2 }));
    expect(made.properties).toMatchObject({ status: { availableReplicas: 2 } });
    const more = await plugin.update(DEPLOYMENT, made, workload("Deployment", at("web"), { replicas: 3 }));
    expect(more.properties).toMatchObject({ status: { availableReplicas: 3, updatedReplicas: 3 } });
    expect(plugin.messages).toContain("Deployment initialization complete");
    await plugin.delete(DEPLOYMENT, more);
  });

  test("a Deployment tells what its pods complain of", async () => {
    const { plugin, cluster, namespace } = suite();
    const creation = plugin.create(
      DEPLOYMENT,
      workload("Deployment", at("sick", { [SECONDS]: "6" }), {}, NOWHERE),
    );
    const pods = { apiVersion: "v1", kind: "Pod", namespace, labelSelector: "app=sick" };
    const pod = await eventually(async () => (await cluster.client.list(pods)).items[0]);
    await cluster.client.mergePatch(
      { apiVersion: "v1", kind: "Pod", namespace, name: pod.metadata.name ?? "", subresource: "status" },
      {
        status: {
          conditions: [
            { type: "PodScheduled", status: "True" },
            { type: "Initialized", status: "True" },
            {
              type: "Ready",
              status: "False",
              reason: "ContainersNotReady",
              message: "containers with unready status: [c]",
            },
          ],
          containerStatuses: [
            {
              ...{ name: "c", ready: false, image: "x", imageID: "", restartCount: 0 },
              state: { waiting: { reason: "ImagePullBackOff", message: "Back-off pulling image" } },
            },
          ],
        },
      },
      { fieldManager: "test" },
    );
    expect(await reasons(creation)).toEqual([
      timedOut("sick"),
      "[MinimumReplicasUnavailable] Deployment does not have minimum availability.",
      "Minimum number of live Pods was not attained",
      `[Pod ${namespace}/${pod.metadata.name}]: containers with unready status: [c][ImagePullBackOff] Back-off pulling image`,
    ]);
  });

  test("a StatefulSet gets all its replicas", async () => {
    const { plugin } = suite();
    const spec = { replicas: 2, serviceName: "none" };
    const made = await plugin.create(STATEFUL_SET, workload("StatefulSet", at("db"), spec));
    expect(made.properties).toMatchObject({ status: { readyReplicas: 2 } });
    expect(plugin.messages).toContain("StatefulSet initialization complete");
    expect(
      await reasons(plugin.create(STATEFUL_SET, workload("StatefulSet", at("db2", SHORT), spec, NOWHERE))),
    ).toEqual([timedOut("db2"), "0 out of 2 replicas succeeded readiness checks"]);
  });

  test("a DaemonSet reaches its nodes", async () => {
    const { plugin } = suite();
    const made = await plugin.create(DAEMON_SET, workload("DaemonSet", at("agent")));
    const { status } = made.properties as {
      status: { desiredNumberScheduled: number; numberAvailable: number };
    };
    expect(status.numberAvailable).toBe(status.desiredNumberScheduled);
    expect(plugin.messages).toContain("DaemonSet initialization complete");
  });

  test("a Job completes, or fails for good without waiting for the timeout", async () => {
    const { plugin } = suite();
    const made = await plugin.create(JOB, job(at("once")));
    expect(made.properties).toMatchObject({ status: { succeeded: 1 } });
    const failing = await reasons(plugin.create(JOB, job(at("late"), { activeDeadlineSeconds: 1 }, NOWHERE)));
    expect(failing).toEqual([
      expect.stringContaining("Resource 'late' was created but failed to initialize") as string,
      "[DeadlineExceeded] Job was active longer than specified deadline",
    ]);
  });

  test("a Pod becomes ready, or tells why it is not scheduled", async () => {
    const { plugin } = suite();
    const pod = (name: string, extra = {}) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: at(name, { [SECONDS]: "3" }),
      spec: podSpec(extra),
    });
    expect((await plugin.create(POD, pod("one"))).properties).toMatchObject({ status: { phase: "Running" } });
    const [first, why] = await reasons(plugin.create(POD, pod("two", NOWHERE)));
    expect(first).toEqual(timedOut("two"));
    expect(why).toMatch(/didn't match Pod's node affinity\/selector/);
  });

  test("a Service waits for pods, a load balancer for its address; headless and external ones for nothing", async () => {
    const { plugin } = suite();
    const service = (name: string, spec: object) => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: at(name, SHORT),
      spec,
    });
    const ports = [{ port: 80 }];
    await plugin.create(DEPLOYMENT, workload("Deployment", at("backend")));
    await plugin.create(SERVICE, service("good", { ports, selector: { app: "backend" } }));
    expect(plugin.messages).toEqual(
      expect.arrayContaining(["[1/3] Finding Pods to direct traffic to", "Service initialization complete"]),
    );
    await plugin.create(
      SERVICE,
      service("headless", { ports, selector: { app: "nobody" }, clusterIP: "None" }),
    );
    await plugin.create(SERVICE, service("outside", { type: "ExternalName", externalName: "example.com" }));
    await plugin.create(SERVICE, service("manual", { ports }));
    expect(
      await reasons(plugin.create(SERVICE, service("lonely", { ports, selector: { app: "nobody" } }))),
    ).toEqual([
      timedOut("lonely"),
      "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' may not match labels on any Pods",
    ]);
    const balanced = service("balanced", { ports, selector: { app: "backend" }, type: "LoadBalancer" });
    expect(await reasons(plugin.create(SERVICE, balanced))).toEqual([
      timedOut("balanced"),
      "Service was not allocated an IP address; does your cloud provider support this?",
    ]);
    expect(plugin.messages).toContain("[2/3] Attempting to allocate IP address to Service");
  });

  test("a custom resource made before its definition waits for it", async () => {
    const { plugin, namespace } = suite();
    const group = `${namespace}.example.com`;
    const gadget = { apiVersion: `${group}/v1`, kind: "Gadget", metadata: at("g"), spec: { size: 1 } };
    const creation = plugin.create(`kubernetes:${group}/v1:Gadget`, gadget);
    const definition = await plugin.create(CRD, crd(group));
    expect((await creation).properties).toMatchObject({ spec: { size: 1 } });
    await plugin.delete(CRD, definition);
  });

  test("a Namespace is active, and gone once deleted", async () => {
    const { plugin, cluster, namespace } = suite();
    const name = `${namespace}-2`;
    const made = await plugin.create(NAMESPACE, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
    expect(made.properties).toMatchObject({ status: { phase: "Active" } });
    await plugin.delete(NAMESPACE, made);
    expect(await cluster.client.find({ apiVersion: "v1", kind: "Namespace", name })).toBeUndefined();
  });

  test("cancelling keeps the object, and the next update goes on", async () => {
    const plugin = await suite().another({});
    const stuck = workload("Deployment", at("stuck"), {}, NOWHERE);
    const creation = reasons(plugin.create(DEPLOYMENT, stuck));
    await eventually(() =>
      Promise.resolve(plugin.messages.find((line) => line.includes("0/1 Pods available"))),
    );
    await plugin.cancel();
    expect((await creation)[0]).toContain("Resource operation was cancelled for 'stuck'");
    const found = await suite().plugin.read(DEPLOYMENT, { id: `${suite().namespace}/stuck` });
    const healed = await suite().plugin.update(
      DEPLOYMENT,
      { ...found, properties: {} },
      workload("Deployment", at("stuck")),
    );
    expect(healed.properties).toMatchObject({ status: { availableReplicas: 1 } });
  });

  test("refresh tells what is not ready, and keeps it", async () => {
    const { plugin, cluster, namespace } = suite();
    const made = await plugin.create(DEPLOYMENT, workload("Deployment", at("fading")));
    const ref = { apiVersion: "apps/v1", kind: "Deployment", namespace, name: "fading" };
    await cluster.client.mergePatch(ref, { spec: { template: { spec: NOWHERE } } }, { fieldManager: "test" });
    await cluster.client.mergePatch(ref, { spec: { replicas: 3 } }, { fieldManager: "test" });
    await eventually(
      async () =>
        ((await cluster.client.get(ref))["status"] as { unavailableReplicas?: number }).unavailableReplicas,
    );
    const failed = await reasons(plugin.read(DEPLOYMENT, made));
    expect(failed[0]).toContain(
      `the Kubernetes API server reported that "${namespace}/fading" failed to fully initialize or become live: Resource 'fading' was created but failed to initialize`,
    );
  });
});
