import { readdirSync } from "node:fs";
import { join } from "node:path";
import { CallError, exposes, secret, UNKNOWN, type Props } from "./support/direct";
import { describePlugin } from "./support/suite";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const CHART = join(__dirname, "chart");
const CANARY = "canary-93041";

describePlugin("helm releases through the Helm CLI", ["helm"], (suite) => {
  const release = (name: string, values: Props, more: Props = {}): Props => ({
    ...{ chart: CHART, name, namespace: suite().namespace, values, compat: "true" },
    ...more,
  });
  const ref = (kind: string, name: string) => ({
    apiVersion: "v1",
    kind,
    namespace: suite().namespace,
    name,
  });
  afterEach(() => {
    const { plugin } = suite();
    expect(readdirSync(plugin.temporary)).toEqual([]);
    expect(`${plugin.messages.join("\n")}${plugin.stderr}`).not.toContain(CANARY);
  });

  test("install, upgrade, read and uninstall", async () => {
    const { plugin, cluster, namespace } = suite();
    const { inputs, failures } = await plugin.check(RELEASE, release("one", { greeting: "hi" }));
    expect(failures).toEqual([]);
    const made = await plugin.create(RELEASE, inputs);
    expect(made.id).toBe(`${namespace}/one`);
    expect(made.properties).toMatchObject({
      status: { status: "deployed", revision: 1, chart: "greeting", version: "0.1.0", appVersion: "1" },
      resourceNames: { "ConfigMap/v1": [`${namespace}/one`], "Secret/v1": [`${namespace}/one`] },
    });
    expect((await cluster.client.get(ref("ConfigMap", "one")))["data"]).toEqual({ greeting: "hi" });
    const news = release("one", { greeting: "good day" });
    expect(await plugin.diff(RELEASE, inputs, news)).toMatchObject({
      detaileddiffMap: [["values.greeting", { kind: 4 }]],
    });
    const now = await plugin.update(RELEASE, { ...made, inputs }, news);
    expect(now.properties).toMatchObject({ status: { revision: 2 } });
    expect((await cluster.client.get(ref("ConfigMap", "one")))["data"]).toEqual({ greeting: "good day" });
    expect(
      await plugin.read(RELEASE, { id: made.id, properties: now.properties, inputs: news }),
    ).toMatchObject({ inputs: news });
    await plugin.delete(RELEASE, { ...now, inputs: news });
    expect(await cluster.client.find(ref("ConfigMap", "one"))).toBeUndefined();
    expect((await plugin.read(RELEASE, { ...made, inputs })).id).toBe("");
    await plugin.delete(RELEASE, { ...now, inputs: news });
  });

  test("secret values reach the chart, and nothing else", async () => {
    const { plugin, cluster } = suite();
    const made = await plugin.create(RELEASE, release("safe", { password: secret(CANARY) }));
    expect(exposes(made.properties, CANARY)).toBe(false);
    const { data } = (await cluster.client.get(ref("Secret", "safe"))) as unknown as {
      data: { password: string };
    };
    expect(Buffer.from(data.password, "base64").toString()).toBe(CANARY);
    await plugin.delete(RELEASE, { ...made, inputs: made.properties });
  });

  test("a preview tells a mistake in the values, and installs nothing", async () => {
    const { plugin, cluster } = suite();
    const shown = await plugin.create(RELEASE, release("shown", {}), { preview: true });
    expect(shown.properties["status"]).toBe(UNKNOWN);
    expect(await cluster.client.find(ref("ConfigMap", "shown"))).toBeUndefined();
    const wrong = plugin.create(RELEASE, release("shown", { greeting: "" }), { preview: true });
    await expect(wrong).rejects.toThrow("greeting must be set");
  });

  test("a release that does not get ready stays in the state and is upgraded next time; atomic leaves nothing", async () => {
    const { plugin, cluster } = suite();
    const stuck = release("stuck", { pods: 1 }, { timeout: 3 });
    const error: unknown = await plugin.create(RELEASE, stuck).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(CallError);
    const { reasons, properties = {} } = error as CallError;
    expect(reasons[0]).toContain("helm install of release");
    expect(properties).toMatchObject({ status: { status: "failed" } });
    const healed = await plugin.update(
      RELEASE,
      { id: `${suite().namespace}/stuck`, properties, inputs: stuck },
      release("stuck", {}),
    );
    expect(healed.properties).toMatchObject({ status: { status: "deployed", revision: 2 } });
    await plugin.delete(RELEASE, { ...healed, inputs: healed.properties });
    const atomic = plugin.create(RELEASE, release("atomic", { pods: 1 }, { timeout: 3, atomic: true }));
    await expect(atomic).rejects.toThrow("helm install of release");
    expect(await cluster.client.find(ref("ConfigMap", "atomic"))).toBeUndefined();
  });

  test("a name that is taken is refused, and not taken over", async () => {
    const { plugin } = suite();
    const made = await plugin.create(RELEASE, release("taken", {}));
    const error: unknown = await plugin.create(RELEASE, release("taken", {})).catch((e: unknown) => e);
    expect((error as CallError).properties).toBeUndefined();
    await plugin.delete(RELEASE, { ...made, inputs: made.properties });
  });

  test("inputs without a match in the CLI are refused by name", async () => {
    const { failures } = await suite().plugin.check(
      RELEASE,
      release("x", {}, { postrender: "kustomize", verify: true }),
    );
    expect(failures).toEqual([
      expect.stringMatching(/^postrender: not supported by the offline provider/),
      expect.stringMatching(/^verify: not supported by the offline provider/),
    ]);
  });

  test("charts are rendered and YAML is decoded for programs that have no CLI", async () => {
    const { plugin } = suite();
    const jsonOpts = JSON.stringify({
      path: CHART,
      release_name: "r",
      namespace: "n",
      values: { greeting: "hi" },
    });
    const { result } = await plugin.invoke("kubernetes:helm:template", { jsonOpts });
    expect(result).toMatchObject([
      { kind: "Secret" },
      { kind: "ConfigMap", metadata: { name: "r" }, data: { greeting: "hi" } },
    ]);
    const text = "a: 1\n---\n# nothing\n---\nb: [2]\n";
    expect(await plugin.invoke("kubernetes:yaml:decode", { text })).toEqual({
      result: [{ a: 1 }, { b: [2] }],
    });
    await expect(plugin.invoke("kubernetes:yaml:decode", { text: "a: [" })).rejects.toThrow("line 1");
  });
});
