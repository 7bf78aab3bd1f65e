import { UNKNOWN, type Answer, type Props } from "./support/direct";
import { CONFIG_MAP, configMap, DEPLOYMENT, meta, NAMESPACE, SERVICE, workload } from "./support/manifests";
import { describePlugin } from "./support/suite";

const PATCH = "kubernetes:core/v1:ConfigMapPatch";

describePlugin("objects are checked, compared, written, patched, found and deleted", [], (suite) => {
  const ours = (name: string, data?: Props) => configMap(suite().namespace, name, data);
  const ref = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", namespace: suite().namespace, name });
  const failure = (call: Promise<unknown>) =>
    call.then(
      () => "it did not fail",
      (error: Error) => error.message,
    );

  describe("check", () => {
    test("names what has no name, the same for the same seed, and keeps that name", async () => {
      const { plugin, namespace } = suite();
      const unnamed = { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace } };
      const { inputs } = await plugin.check(CONFIG_MAP, unnamed);
      expect(inputs).toMatchObject({
        metadata: {
          name: expect.stringMatching(/^thing-[0-9a-f]{8}$/) as string,
          annotations: { "pulumi.com/autonamed": "true" },
        },
      });
      expect((await plugin.check(CONFIG_MAP, unnamed)).inputs).toEqual(inputs);
      expect((await plugin.check(CONFIG_MAP, unnamed, inputs)).inputs).toEqual(inputs);
    });

    test("puts namespaced kinds, and only those, into the provider's namespace", async () => {
      const plugin = await suite().another({ namespace: "elsewhere" });
      const named = { metadata: { name: "x" } };
      const inputs = async (type: string, object: Props) =>
        (await plugin.check(type, { ...object, ...named })).inputs;
      expect(await inputs(CONFIG_MAP, { apiVersion: "v1", kind: "ConfigMap" })).toMatchObject({
        metadata: { namespace: "elsewhere" },
      });
      expect(await inputs(NAMESPACE, { apiVersion: "v1", kind: "Namespace" })).not.toHaveProperty(
        "metadata.namespace",
      );
      const widget = { apiVersion: "nobody.example.com/v1", kind: "Thing" };
      expect(await inputs("kubernetes:nobody.example.com/v1:Thing", widget)).toMatchObject({
        metadata: { namespace: "elsewhere" },
      });
    });

    test("refuses lists, nameless patches and annotations that make no sense", async () => {
      const { plugin } = suite();
      const list = { apiVersion: "v1", kind: "ConfigMapList", items: [] };
      expect((await plugin.check("kubernetes:core/v1:ConfigMapList", list)).failures.join()).toContain(
        "use the underlying type instead",
      );
      const nameless = { apiVersion: "v1", kind: "ConfigMap", metadata: {} };
      expect((await plugin.check(PATCH, nameless)).failures.join()).toContain("must name the object");
      const annotated = (annotations: Props) =>
        plugin.check(CONFIG_MAP, { ...nameless, metadata: { name: "x", annotations } });
      const wrong = { "pulumi.com/waitFor": "ready", "pulumi.com/timeoutSeconds": "soon" };
      expect((await annotated(wrong)).failures).toEqual([
        'metadata.annotations["pulumi.com/timeoutSeconds"]: must be a number of seconds above 0',
        'metadata.annotations["pulumi.com/waitFor"]: "ready" starts with neither "jsonpath=" nor "condition="',
      ]);
    });

    test("leaves unknown values alone", async () => {
      const { plugin } = suite();
      const { inputs } = await plugin.check(CONFIG_MAP, {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: UNKNOWN,
        data: { a: UNKNOWN },
      });
      expect(inputs).toEqual({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: UNKNOWN,
        data: { a: UNKNOWN },
      });
    });
  });

  describe("preview", () => {
    test("has the server judge the object, and stores nothing", async () => {
      const { plugin, cluster } = suite();
      const { id, properties } = await plugin.create(CONFIG_MAP, ours("shown"), { preview: true });
      expect(id).toBe("");
      expect(properties).toMatchObject({ metadata: { uid: expect.any(String) as string } });
      expect(await cluster.client.find(ref("shown"))).toBeUndefined();
      const wrong = { ...workload("Deployment", meta(suite().namespace, "x")), spec: { replicas: -1 } };
      expect(await failure(plugin.create(DEPLOYMENT, wrong, { preview: true }))).toContain(
        "spec.replicas: Invalid value: -1",
      );
    });

    test("shows what needs things that are not there yet as it was asked for", async () => {
      const { plugin } = suite();
      const thing = {
        apiVersion: "nobody.example.com/v1",
        kind: "Thing",
        metadata: { name: "x", namespace: "later" },
      };
      expect(
        (await plugin.create("kubernetes:nobody.example.com/v1:Thing", thing, { preview: true })).properties,
      ).toEqual(thing);
      const later = configMap("not-there-yet", "x");
      expect((await plugin.create(CONFIG_MAP, later, { preview: true })).properties).toEqual(later);
      const unknown = ours("x", { a: UNKNOWN });
      expect((await plugin.create(CONFIG_MAP, unknown, { preview: true })).properties).toEqual(unknown);
    });

    test("of an update changes nothing", async () => {
      const { plugin, cluster } = suite();
      const made = await plugin.create(CONFIG_MAP, ours("kept"));
      const { properties } = await plugin.update(CONFIG_MAP, made, ours("kept", { a: "2" }), true);
      expect(properties).toMatchObject({ data: { a: "2" } });
      expect((await cluster.client.get(ref("kept")))["data"]).toEqual({ a: "1" });
    });
  });

  describe("write", () => {
    test("an update removes what is no longer asked for, and keeps what others added", async () => {
      const { plugin, cluster } = suite();
      const made = await plugin.create(CONFIG_MAP, ours("shared", { a: "1", b: "2" }));
      await cluster.client.mergePatch(ref("shared"), { data: { c: "theirs" } }, { fieldManager: "other" });
      const now = await plugin.update(CONFIG_MAP, made, ours("shared", { a: "1" }));
      expect(now.properties["data"]).toEqual({ a: "1", c: "theirs" });
    });

    test("fields of another manager are a conflict, unless forced", async () => {
      const { plugin, cluster } = suite();
      const made = await plugin.create(CONFIG_MAP, ours("fought"));
      await cluster.client.mergePatch(ref("fought"), { data: { a: "theirs" } }, { fieldManager: "other" });
      const message = await failure(plugin.update(CONFIG_MAP, made, ours("fought", { a: "3" })));
      expect(message).toContain(
        "Server-Side Apply field conflict detected. See https://www.pulumi.com/registry/",
      );
      expect(message).toContain(`had an apply conflict: Apply failed with 1 conflict: conflict with "other"`);
      const forced = {
        ...ours("fought", { a: "3" }),
        metadata: meta(suite().namespace, "fought", { "pulumi.com/patchForce": "true" }),
      };
      expect((await plugin.update(CONFIG_MAP, made, forced)).properties["data"]).toEqual({ a: "3" });
    });

    test("what exists is only taken over with upsertExistingObjects", async () => {
      const { plugin, cluster } = suite();
      await cluster.client.create(configMapOf("found"), { fieldManager: "other" });
      expect(await failure(plugin.create(CONFIG_MAP, ours("found", { b: "2" })))).toContain(
        "set upsertExistingObjects on the provider",
      );
      const upserting = await suite().another({ upsertExistingObjects: "true" });
      expect((await upserting.create(CONFIG_MAP, ours("found", { b: "2" }))).properties["data"]).toEqual({
        x: "y",
        b: "2",
      });
    });

    test("skipAwait does not wait, and says so", async () => {
      const { plugin, namespace } = suite();
      const metadata = meta(namespace, "skipped", { "pulumi.com/skipAwait": "true" });
      const spec = { ports: [{ port: 80 }], selector: { app: "nobody" } };
      await plugin.create(SERVICE, { apiVersion: "v1", kind: "Service", metadata, spec });
      expect(plugin.messages).toContain("Skipping await logic");
    });

    test("waitFor waits for what it names", async () => {
      const { plugin, cluster, namespace } = suite();
      const annotations = { "pulumi.com/waitFor": '["jsonpath={.data.ready}=yes","jsonpath={.data.a}"]' };
      const creation = plugin.create(CONFIG_MAP, {
        ...ours("late"),
        metadata: meta(namespace, "late", annotations),
      });
      while (!plugin.messages.includes("Waiting for {.data.ready}=yes"))
        await new Promise((resolve) => setTimeout(resolve, 50));
      await cluster.client.mergePatch(ref("late"), { data: { ready: "yes" } }, { fieldManager: "other" });
      expect((await creation).properties["data"]).toEqual({ a: "1", ready: "yes" });
      expect(plugin.messages).toEqual(expect.arrayContaining(["Found {.data.a}", "Found {.data.ready}=yes"]));
    });
  });

  describe("patch resources", () => {
    test("change some fields of what is there, and give them back", async () => {
      const { plugin, cluster } = suite();
      await cluster.client.create(configMapOf("patched"), { fieldManager: "other" });
      const made = await plugin.create(PATCH, ours("patched", { b: "2" }));
      expect(made.id).toBe(`${suite().namespace}/patched`);
      const changed = await plugin.update(PATCH, made, ours("patched", { b: "3" }));
      expect(changed.properties["data"]).toEqual({ x: "y", b: "3" });
      await plugin.delete(PATCH, changed);
      expect((await cluster.client.get(ref("patched")))["data"]).toEqual({ x: "y" });
      await plugin.delete(PATCH, changed);
    });

    test("need the object", async () => {
      expect(await failure(suite().plugin.create(PATCH, ours("nobody")))).toContain(
        'cannot patch ConfigMap "nobody"',
      );
    });

    test("keep the field manager that the user names", async () => {
      const { plugin, cluster, namespace } = suite();
      await cluster.client.create(configMapOf("managed"), { fieldManager: "other" });
      const metadata = meta(namespace, "managed", { "pulumi.com/patchFieldManager": "mine" });
      const { properties } = await plugin.create(PATCH, { ...ours("managed", { b: "2" }), metadata });
      expect(properties["__fieldManager"]).toBe("mine");
    });
  });

  describe("read", () => {
    test("what kubectl applied is imported with what kubectl was given", async () => {
      const { plugin, cluster, namespace } = suite();
      const given = ours("applied");
      const lastApplied = { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(given) };
      await cluster.client.create(
        { ...configMapOf("applied"), metadata: meta(namespace, "applied", lastApplied) },
        { fieldManager: "kubectl" },
      );
      expect((await plugin.read(CONFIG_MAP, { id: `${namespace}/applied` })).inputs).toEqual(given);
    });

    test("what is gone is gone, its kind included", async () => {
      const { plugin, namespace } = suite();
      expect((await plugin.read(CONFIG_MAP, { id: `${namespace}/never` })).id).toBe("");
      expect((await plugin.read("kubernetes:nobody.example.com/v1:Thing", { id: "x/y" })).id).toBe("");
    });
  });

  describe("delete", () => {
    test("waits for finalizers, and names them when it gives up", async () => {
      const { plugin, cluster, namespace } = suite();
      const metadata = {
        ...meta(namespace, "held", { "pulumi.com/timeoutSeconds": "2" }),
        finalizers: ["example.com/held"],
      };
      const made = await plugin.create(CONFIG_MAP, { ...ours("held"), metadata });
      expect(await failure(plugin.delete(CONFIG_MAP, made))).toContain("was not deleted within 2 seconds");
      expect(plugin.messages).toContainEqual(
        expect.stringContaining("finalizers might be preventing deletion (example.com/held"),
      );
      const again = plugin.delete(CONFIG_MAP, made);
      await cluster.client.mergePatch(
        ref("held"),
        { metadata: { finalizers: null } },
        { fieldManager: "other" },
      );
      await again;
      expect(await cluster.client.find(ref("held"))).toBeUndefined();
    });

    test("of what is not there succeeds", async () => {
      const { plugin, cluster } = suite();
      const made = await plugin.create(CONFIG_MAP, ours("stolen"));
      await cluster.client.delete(ref("stolen"), { propagation: "Background" });
      await plugin.delete(CONFIG_MAP, made);
      const thing = { apiVersion: "nobody.example.com/v1", kind: "Thing", metadata: { name: "x" } };
      const gone: Answer = { id: "x/y", properties: { ...thing, __inputs: thing }, inputs: thing };
      await plugin.delete("kubernetes:nobody.example.com/v1:Thing", gone);
    });
  });

  function configMapOf(name: string) {
    const metadata = { namespace: suite().namespace, name };
    return { apiVersion: "v1", kind: "ConfigMap", metadata, data: { x: "y" } };
  }
});
