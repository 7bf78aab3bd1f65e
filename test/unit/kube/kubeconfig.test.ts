import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { connectionOf, loadKubeconfig, parseKubeconfig } from "../../../kube";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "meshwright-kubeconfig-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Parts {
  readonly user?: object;
  readonly cluster?: object;
  readonly context?: object;
}

function config({ user = {}, cluster = {}, context = {} }: Parts): string {
  return JSON.stringify({
    clusters: [{ name: "c", cluster: { server: "https://example.com/", ...cluster } }],
    users: [{ name: "u", user }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u", ...context } }],
    "current-context": "x",
  });
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const base64 = (text: string) => Buffer.from(text).toString("base64");
const credentialOf = (user: object) => connectionOf(parseKubeconfig(config({ user }))).credential(false);

describe("a kubeconfig", () => {
  test("in YAML gives the connection of its current context", async () => {
    const text = `
clusters: [{name: c, cluster: {server: "https://example.com:6443", certificate-authority-data: ${base64("CA")}, tls-server-name: inside}}]
users: [{name: u, user: {client-certificate-data: ${base64("CERT")}, client-key-data: ${base64("KEY")}}}]
contexts: [{name: x, context: {cluster: c, user: u, namespace: shop}}]
current-context: x
`;
    const connection = connectionOf(parseKubeconfig(text));
    expect(connection).toMatchObject({
      server: "https://example.com:6443",
      ca: "CA",
      namespace: "shop",
      tlsServerName: "inside",
      insecure: false,
    });
    expect(await connection.credential(false)).toEqual({ cert: "CERT", key: "KEY" });
  });

  test("finds files beside itself", async () => {
    file("ca.crt", "CA");
    file("token", " secret-token \n");
    const path = file(
      "config",
      config({ cluster: { "certificate-authority": "ca.crt" }, user: { tokenFile: "token" } }),
    );
    const connection = connectionOf(loadKubeconfig(path));
    expect(connection.ca).toBe("CA");
    expect(await connection.credential(false)).toMatchObject({ token: "secret-token" });
  });

  test("of several files, the first to name something wins", () => {
    const first = file("first", config({ cluster: { server: "https://first" } }));
    const second = file("second", config({ cluster: { server: "https://second" } }).replaceAll('"x"', '"y"'));
    const merged = loadKubeconfig([first, second, join(folder, "missing")].join(delimiter));
    expect(connectionOf(merged).server).toBe("https://first");
    expect(connectionOf(merged, "y").server).toBe("https://first");
  });

  test("with an exec plugin asks it, for as long as its answer holds", async () => {
    const plugin = file(
      "plugin",
      `#!/bin/sh\necho "$KUBERNETES_EXEC_INFO" >> ${folder}/asked\nprintf '{"status":{"token":"%s-%s"}}' "$1" "$REGION"\n`,
    );
    chmodSync(plugin, 0o755);
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: plugin,
      args: ["a"],
      env: [{ name: "REGION", value: "eu" }],
    };
    const connection = connectionOf(parseKubeconfig(config({ user: { exec } })));
    expect(await connection.credential(false)).toEqual({ token: "a-eu" });
    expect(await connection.credential(false)).toEqual({ token: "a-eu" });
    const asked = () => readFileSync(join(folder, "asked"), "utf8").trim().split("\n").length;
    expect(asked()).toBe(1);
    await connection.credential(true);
    expect(asked()).toBe(2);
  });

  test.each([
    ["proxy-url is not supported", { cluster: { "proxy-url": "http://proxy" } }],
    ["user field auth-provider is not supported", { user: { "auth-provider": {} } }],
    ['no cluster "d"; it has: c', { context: { cluster: "d" } }],
    ["cannot read /nowhere/ca.crt", { cluster: { "certificate-authority": "/nowhere/ca.crt" } }],
  ])("that cannot be used says: %s", (message, parts) => {
    expect(() => connectionOf(parseKubeconfig(config(parts)))).toThrow(message);
  });

  test.each([
    ["client.authentication.k8s.io/v1alpha1", "true", "use one of client.authentication.k8s.io/v1"],
    ["client.authentication.k8s.io/v1", "/nowhere/plugin", "is not installed; run gcloud components install"],
    ["client.authentication.k8s.io/v1", "false", "failed"],
    ["client.authentication.k8s.io/v1beta1", "true", "printed no token"],
  ])("with an exec plugin (%s, %s) that gives nothing says why", async (apiVersion, command, message) => {
    const exec = { apiVersion, command, installHint: "run gcloud components install" };
    await expect(credentialOf({ exec })).rejects.toThrow(message);
  });

  test("that is not there says what to do", () => {
    expect(() => loadKubeconfig(join(folder, "nothing"))).toThrow(
      "no such file; set KUBECONFIG or create the cluster first",
    );
    expect(() => parseKubeconfig("a: [", "f")).toThrow("f: not valid YAML");
  });
});
