import { CallError } from "./support/direct";
import { CONFIG_MAP, configMap } from "./support/manifests";
import { describePlugin } from "./support/suite";

const STATUS = { "content-type": "application/json" };

function status(
  code: number,
  reason: string,
  message: string,
): { code: number; headers: typeof STATUS; body: string } {
  return {
    code,
    headers: STATUS,
    body: JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", reason, message, code }),
  };
}

describePlugin("a server that stumbles", [], (suite) => {
  afterEach(() => suite().cluster.proxy.meddlings.splice(0));
  const failure = (call: Promise<unknown>) =>
    call.then(
      () => "it did not fail",
      (error: Error) => error.message,
    );

  test.each([
    [
      "is busy",
      { answer: { ...status(429, "TooManyRequests", "later"), headers: { ...STATUS, "retry-after": "1" } } },
    ],
    ["is broken for a moment", { answer: status(500, "InternalError", "oops") }],
    ["is not reachable through its balancer for a moment", { answer: { code: 503, body: "no backend" } }],
    ["breaks the connection", { reset: true }],
  ])("%s: an update is tried again", async (what, meddling) => {
    const { plugin, cluster, namespace } = suite();
    const name = `again-${what.length}`;
    const made = await plugin.create(CONFIG_MAP, configMap(namespace, name));
    cluster.proxy.meddlings.push({ method: "PATCH", path: `/configmaps/${name}?`, times: 2, ...meddling });
    const now = await plugin.update(CONFIG_MAP, made, configMap(namespace, name, { a: "2" }));
    expect(now.properties["data"]).toEqual({ a: "2" });
    expect(cluster.proxy.meddlings[0]?.times).toBe(0);
  });

  test("is busy: a creation is tried again, since the server did not look at it", async () => {
    const { plugin, cluster, namespace } = suite();
    const answer = { ...status(429, "TooManyRequests", "later"), headers: { ...STATUS, "retry-after": "1" } };
    cluster.proxy.meddlings.push({ method: "POST", path: "/configmaps", times: 1, answer });
    expect((await plugin.create(CONFIG_MAP, configMap(namespace, "busy"))).id).toBe(`${namespace}/busy`);
  });

  test("is broken: a creation is not sent twice, since the first may have been done", async () => {
    const { plugin, cluster, namespace } = suite();
    cluster.proxy.meddlings.push({
      method: "POST",
      path: "/configmaps",
      times: 9,
      answer: status(500, "InternalError", "oops"),
    });
    expect(await failure(plugin.create(CONFIG_MAP, configMap(namespace, "once")))).toContain(
      "was not successfully created by the Kubernetes API server: oops",
    );
    expect(cluster.proxy.meddlings[0]?.times).toBe(8);
  });

  test("stays broken: it is given up after a bounded number of tries, and the object stays in the state", async () => {
    const { plugin, cluster, namespace } = suite();
    const made = await plugin.create(CONFIG_MAP, configMap(namespace, "given-up"));
    cluster.proxy.meddlings.push({
      method: "PATCH",
      path: "/configmaps/",
      times: 100,
      answer: status(500, "InternalError", "oops"),
    });
    const error: unknown = await plugin
      .update(CONFIG_MAP, made, configMap(namespace, "given-up", { a: "2" }))
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(CallError);
    expect((error as CallError).reasons).toEqual([
      `the Kubernetes API server reported that "${namespace}/given-up" failed to fully initialize or become live: oops`,
    ]);
    expect((error as CallError).properties?.["data"]).toEqual({ a: "1" });
  });

  test("ends a watch: waiting goes on with another", async () => {
    const { plugin, cluster, namespace } = suite();
    const annotations = { "pulumi.com/waitFor": "jsonpath={.data.ready}=yes" };
    const waited = {
      ...configMap(namespace, "watched"),
      metadata: { namespace, name: "watched", annotations },
    };
    cluster.proxy.meddlings.push({ method: "GET", path: "watch=true", times: 2, reset: true });
    const creation = plugin.create(CONFIG_MAP, waited);
    while (cluster.proxy.meddlings[0]?.times) await new Promise((resolve) => setTimeout(resolve, 50));
    const ref = { apiVersion: "v1", kind: "ConfigMap", namespace, name: "watched" };
    await cluster.client.mergePatch(ref, { data: { ready: "yes" } }, { fieldManager: "other" });
    expect((await creation).properties["data"]).toEqual({ a: "1", ready: "yes" });
  });

  test("is not there: the error names it", async () => {
    const kubeconfig = JSON.stringify({
      clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
      contexts: [{ name: "x", context: { cluster: "c" } }],
      "current-context": "x",
    });
    const plugin = await suite().another({ kubeconfig });
    expect(await failure(plugin.create(CONFIG_MAP, configMap("x", "y")))).toContain(
      "cannot reach the Kubernetes API server at https://127.0.0.1:1",
    );
  });
});
