import { exposes, secret, UNKNOWN } from "./support/direct";
import { DEPLOYMENT, meta, SECRET, workload } from "./support/manifests";
import { describePlugin } from "./support/suite";

const CANARY = "canary-93041";
const BASE64 = Buffer.from(CANARY).toString("base64");

describePlugin("secrets stay secret", [], (suite) => {
  const hidden = (value: unknown) => {
    expect(JSON.stringify(value)).toMatch(new RegExp(`${CANARY}|${BASE64}`));
    expect(exposes(value, CANARY)).toBe(false);
    expect(exposes(value, BASE64)).toBe(false);
  };
  afterEach(() => {
    const { plugin } = suite();
    expect(`${plugin.messages.join("\n")}${plugin.stderr}`).not.toContain(CANARY);
    expect(`${plugin.messages.join("\n")}${plugin.stderr}`).not.toContain(BASE64);
  });

  test("through the whole life of a Secret", async () => {
    const { plugin, namespace } = suite();
    const metadata = meta(namespace, "login");
    const given = { apiVersion: "v1", kind: "Secret", metadata, stringData: secret({ password: CANARY }) };
    const { inputs } = await plugin.check(SECRET, given);
    hidden(inputs);
    hidden((await plugin.create(SECRET, inputs, { preview: true })).properties);
    const made = await plugin.create(SECRET, inputs);
    hidden(made.properties);
    hidden(await plugin.read(SECRET, made));
    const { inputs: more } = await plugin.check(
      SECRET,
      { ...given, data: secret({ other: "eA==" }) },
      inputs,
    );
    hidden((await plugin.update(SECRET, made, more, true)).properties);
    hidden((await plugin.update(SECRET, made, more)).properties);
    hidden(await plugin.read(SECRET, { id: made.id }));
    await plugin.delete(SECRET, made);
  });

  test("a Secret's data is secret even if the program did not say so", async () => {
    const { plugin, namespace } = suite();
    const plainly = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: meta(namespace, "open"),
      data: { a: BASE64 },
    };
    const { inputs } = await plugin.check(SECRET, plainly);
    hidden(inputs);
    hidden((await plugin.create(SECRET, inputs)).properties);
  });

  test("a value known only later stays unknown in the data", async () => {
    const { plugin, namespace } = suite();
    const later = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: meta(namespace, "later"),
      stringData: { a: UNKNOWN },
    };
    expect((await plugin.check(SECRET, later)).inputs["data"]).toMatchObject({ value: { a: UNKNOWN } });
  });

  test("one secret value deep in an object is secret there, and wherever the server repeats it", async () => {
    const { plugin, namespace } = suite();
    const env = {
      containers: [{ name: "c", image: "x", env: [{ name: "PASSWORD", value: secret(CANARY) }] }],
    };
    const inputs = workload("Deployment", meta(namespace, "app"), {}, env);
    const made = await plugin.create(DEPLOYMENT, inputs);
    hidden(made.properties);
    const { spec } = made.properties as { spec: { template: { spec: { containers: { image: string }[] } } } };
    expect(spec.template.spec.containers[0]?.image).toBe("x");
    hidden((await plugin.read(DEPLOYMENT, made)).properties);
    await plugin.delete(DEPLOYMENT, made);
  });

  test("the server's complaint about a secret value does not tell it", async () => {
    const { plugin, namespace } = suite();
    const strategy = { type: secret(CANARY) };
    const wrong = workload("Deployment", meta(namespace, "wrong"), { strategy });
    const message = await plugin.create(DEPLOYMENT, wrong).then(String, (error: Error) => error.message);
    expect(message).toContain("[secret]");
    expect(message).not.toContain(CANARY);
  });
});
