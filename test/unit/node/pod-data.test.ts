import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fieldValue, quantity, resourceValue } from "../../../embedded/node/fields";
import type { Container, KeyedData, Pod, Service } from "../../../embedded/node/k8s";
import { writeAtomically } from "../../../embedded/node/pod/atomic-folder";
import { containerEnv, expand, type EnvSource } from "../../../embedded/node/pod/env";
import { volumeFiles } from "../../../embedded/node/pod/volume-files";

const facts = { podIp: "10.100.1.7", hostIp: "10.100.0.2", cpus: 2, memoryBytes: 1024 };

const pod: Pod = {
  metadata: {
    name: "web-1",
    namespace: "shop",
    uid: "u1",
    labels: { app: "web", "a/b": 'q"uote' },
    annotations: { note: "n" },
  },
  spec: { nodeName: "n", serviceAccountName: "web", containers: [] },
};

function service(namespace: string, name: string, clusterIP: string): Service {
  return { metadata: { name, namespace }, spec: { clusterIP, ports: [{ name: "http", port: 80 }] } };
}

const objects: Record<string, KeyedData> = {
  "ConfigMap conf": {
    metadata: { name: "conf", namespace: "shop" },
    data: { level: "debug", "b.json": "{}" },
  },
  "Secret keys": {
    metadata: { name: "keys", namespace: "shop" },
    data: { token: Buffer.from("s3cret").toString("base64") },
  },
};

const source: EnvSource = {
  pod,
  facts,
  services: [
    service("shop", "api-v1", "10.1.0.9"),
    service("other", "far", "10.1.0.8"),
    service("default", "kubernetes", "10.1.0.1"),
  ],
  read: (kind, name) => Promise.resolve(objects[`${kind} ${name}`]),
};

function container(parts: Partial<Container>): Container {
  return { name: "app", image: "node:20", ...parts };
}

describe("variables of a container", () => {
  test("come from services of its namespace, the API server, whole objects, fields, keys, and those before", async () => {
    const env = await containerEnv(
      container({
        envFrom: [{ prefix: "C_", configMapRef: { name: "conf" } }],
        env: [
          { name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
          { name: "TOKEN", valueFrom: { secretKeyRef: { name: "keys", key: "token" } } },
          { name: "NONE", valueFrom: { secretKeyRef: { name: "nope", key: "token", optional: true } } },
          { name: "URL", value: "http://$(IP):$(API_V1_SERVICE_PORT)/$$(IP)/$(UNKNOWN)" },
        ],
      }),
      source,
    );
    expect(env).toMatchObject({
      API_V1_SERVICE_HOST: "10.1.0.9",
      API_V1_PORT_80_TCP_ADDR: "10.1.0.9",
      KUBERNETES_SERVICE_HOST: "10.1.0.1",
      C_level: "debug",
      IP: "10.100.1.7",
      TOKEN: "s3cret",
      URL: "http://10.100.1.7:80/$(IP)/$(UNKNOWN)",
    });
    expect(env).not.toHaveProperty("FAR_SERVICE_HOST");
    expect(env).not.toHaveProperty("NONE");
  });

  test("that cannot be had are an error that names the variable, the object and the namespace", async () => {
    const missing = container({
      env: [{ name: "X", valueFrom: { configMapKeyRef: { name: "conf", key: "nope" } } }],
    });
    await expect(containerEnv(missing, source)).rejects.toThrow(
      "variable X: ConfigMap conf has no key nope in namespace shop",
    );
  });

  test("of services are left out where the pod does not want them, the API server's apart", async () => {
    const alone = { ...source, pod: { ...pod, spec: { ...pod.spec, enableServiceLinks: false } } };
    expect(
      Object.keys(await containerEnv(container({}), alone)).filter((name) => name.endsWith("_HOST")),
    ).toEqual(["KUBERNETES_SERVICE_HOST"]);
  });

  test("$$ stands for a dollar sign", () => {
    expect(expand("$$(A) $(A) $$", { A: "1" })).toBe("$(A) 1 $");
  });
});

describe("the downward API", () => {
  test.each([
    ["metadata.labels['app']", "web"],
    ["metadata.labels", 'a/b="q\\"uote"\napp="web"'],
    ["spec.serviceAccountName", "web"],
    ["status.hostIP", "10.100.0.2"],
  ])("%s", (fieldPath, value) => {
    expect(fieldValue({ fieldPath }, pod, facts)).toBe(value);
  });

  test("refuses a field that Kubernetes does not have", () => {
    expect(() => fieldValue({ fieldPath: "spec.color" }, pod, facts)).toThrow("spec.color is not a field");
  });

  test("tells resources in whole divisors, and the machine's where no limit is set", () => {
    const limited = container({ resources: { limits: { cpu: "1500m", memory: "1Gi" } } });
    expect(resourceValue({ resource: "limits.cpu" }, limited, facts)).toBe("2");
    expect(resourceValue({ resource: "limits.memory", divisor: "1Mi" }, limited, facts)).toBe("1024");
    expect(resourceValue({ resource: "limits.cpu" }, container({}), facts)).toBe("2");
    expect(resourceValue({ resource: "requests.cpu" }, container({}), facts)).toBe("0");
    expect(() => quantity("12 apples")).toThrow("12 apples is not a Kubernetes quantity");
  });
});

describe("volumes", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "meshwright-volume-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const volumes = {
    ...source,
    token: (audience: string | undefined) => Promise.resolve(`token for ${audience}`),
  };
  const file = (text: string, mode = 0o644) => ({ content: Buffer.from(text), mode });

  test("a projected one joins tokens, objects and fields", async () => {
    const sources = [
      { serviceAccountToken: { audience: "istio-ca", path: "jwt" } },
      { configMap: { name: "conf", items: [{ key: "level", path: "sub/level" }] } },
      { secret: { name: "keys" } },
      { configMap: { name: "nope", optional: true } },
      { downwardAPI: { items: [{ path: "ns", fieldRef: { fieldPath: "metadata.namespace" } }] } },
    ];
    const files = await volumeFiles({ name: "v", projected: { sources, defaultMode: 0o600 } }, volumes);
    const texts = [...(files ?? [])].map(([path, { content, mode }]) => [path, content.toString(), mode]);
    expect(texts).toEqual([
      ["jwt", "token for istio-ca", 0o600],
      ["sub/level", "debug", 0o600],
      ["token", "s3cret", 0o600],
      ["ns", "shop", 0o600],
    ]);
  });

  test("one of a missing object is an error unless it is optional; a kind that is not known is one", async () => {
    await expect(volumeFiles({ name: "v", secret: { secretName: "nope" } }, volumes)).rejects.toThrow(
      "Secret nope not found in namespace shop",
    );
    expect(await volumeFiles({ name: "v", secret: { secretName: "nope", optional: true } }, volumes)).toEqual(
      new Map(),
    );
    await expect(volumeFiles({ name: "v", nfs: {} } as never, volumes)).rejects.toThrow("kind nfs");
  });

  test("all files change at one instant, and unchanged ones are not touched", () => {
    expect(
      writeAtomically(
        folder,
        new Map([
          ["a", file("1")],
          ["b/c", file("2", 0o600)],
        ]),
        undefined,
      ),
    ).toBe(true);
    const before = readlinkSync(join(folder, "..data"));
    expect(readlinkSync(join(folder, "a"))).toBe("..data/a");
    expect(statSync(join(folder, "b/c")).mode & 0o777).toBe(0o600);
    expect(
      writeAtomically(
        folder,
        new Map([
          ["a", file("1")],
          ["b/c", file("2", 0o600)],
        ]),
        undefined,
      ),
    ).toBe(false);
    expect(
      writeAtomically(
        folder,
        new Map([
          ["a", file("3")],
          ["d", file("4")],
        ]),
        undefined,
      ),
    ).toBe(true);
    expect(readlinkSync(join(folder, "..data"))).not.toBe(before);
    expect(readFileSync(join(folder, "a"), "utf8")).toBe("3");
    expect(readdirSync(folder).filter((name) => !name.startsWith(".."))).toEqual(["a", "d"]);
  });

  test("a file cannot lead out of its volume", () => {
    expect(() => writeAtomically(folder, new Map([["../x", file("1")]]), undefined)).toThrow(
      "../x leads out",
    );
  });
});
