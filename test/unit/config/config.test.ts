import { found } from "../../../lib";
import { loadConfig } from "../../../config";
import { compile } from "../../../mesh";
import { value } from "../mesh/intents";
import { Folder } from "./files";

const folder = new Folder();

test("the parts of a stack are read: cluster, mesh, intent, workloads", () => {
  folder.write("intent.yaml", "services: { shop/cart: { serviceAccount: cart, ports: [{ port: 80 }] } }\n");
  folder.write(
    "app.yaml",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: cart, namespace: shop }\n---\n# nothing\n",
  );
  const file = folder.stack(
    "  meshwright:intent: { file: intent.yaml }\n  meshwright:workloads: [app.yaml]\n  other:key: 1\n",
  );
  const config = value(loadConfig(file));
  expect(Object.keys(config.clusters)).toEqual(["main"]);
  expect(config).toMatchObject({
    file,
    folder: folder.path,
    mesh: { kind: "istio" },
    intent: { services: [{ key: "shop/cart" }] },
    workloads: [{ kind: "ConfigMap", metadata: { name: "cart" } }],
  });
});

test("several clusters are named", () => {
  const file = folder.write(
    "Pulumi.t.yaml",
    `config:\n  meshwright:clusters:\n    east: ${folder.cluster()}\n    west: ${folder.cluster()}\n  meshwright:mesh: { kind: istio }\n`,
  );
  expect(Object.keys(value(loadConfig(file)).clusters)).toEqual(["east", "west"]);
});

test("faults of every section are reported at once, each at its line and column", () => {
  const file = folder.write(
    "Pulumi.t.yaml",
    [
      "config:",
      "  meshwright:cluster: { kind: lokal }",
      "  meshwright:mesh:",
      "    kind: istio",
      "    profle: ha",
      "  meshwright:intnt: {}",
      "  meshwright:intent:",
      "    mtls:",
      "      mode: strct",
      "    egress: []",
      "    services:",
      "      shop/cart:",
      "        ports: [{ port: 80 }]",
      "  meshwright:workloads: [absent.yaml]",
      "",
    ].join("\n"),
  );
  expect(folder.faults(file).sort()).toEqual([
    "10:5 wrong-type",
    "12:7 missing-key",
    "14:26 no-such-file",
    "2:31 unknown-cluster",
    "5:5 unknown-key",
    "6:3 unknown-key",
    "9:13 unknown-value",
  ]);
});

test("faults of an intent in its own file have that file's positions", () => {
  folder.write(
    "intent.yaml",
    "# first\nservices:\n  shop/cart:\n    serviceAccount: cart\n    ports: [{ port: eighty }]\n",
  );
  const file = folder.stack("  meshwright:intent: { file: intent.yaml }\n");
  expect(folder.faults(file)).toEqual(["intent.yaml:5:21 wrong-type"]);
});

test("rules and adapters find their positions too", () => {
  folder.write(
    "intent.yaml",
    [
      "services: { default/web: { serviceAccount: web, ports: [{ port: 80 }] } }",
      "access:",
      "  - { to: { service: default/web }, action: allow, from: [{ service: default/wep }] }",
    ].join("\n"),
  );
  const file = folder.stack("  meshwright:intent: { file: intent.yaml }\n");
  expect(folder.faults(file)).toEqual(["intent.yaml:3:70 unknown-service"]);
  folder.write("intent.yaml", "services:\n  default/web: { serviceAccount: web, ports: [{ port: 80 }] }\n");
  const config = value(loadConfig(file));
  const cluster = config.clusters["main"]?.features;
  if (cluster === undefined) throw new Error("no cluster");
  const plan = compile(config.intent, config.mesh, { cluster });
  expect(config.locate(found(plan)).map((d) => folder.inShort(d))).toEqual([
    "intent.yaml:2:3 namespace-taken",
  ]);
});

test("positions behind aliases are those of the anchor's content", () => {
  folder.write(
    "intent.yaml",
    "services:\n  shop/a: &a { serviceAccount: a, ports: [{ port: 0 }] }\n  shop/b: *a\n",
  );
  const file = folder.stack("  meshwright:intent: { file: intent.yaml }\n");
  expect(folder.faults(file)).toEqual(["intent.yaml:2:51 bad-port", "intent.yaml:2:51 bad-port"]);
});

test("a stack without a cluster or a mesh says so", () => {
  const file = folder.write("Pulumi.t.yaml", "config: {}\n");
  expect(folder.faults(file).map((f) => f.replace(/^\S+ /, ""))).toEqual(["unknown-cluster", "unknown-mesh"]);
});

test.each([
  ["both spellings of clusters", "  meshwright:clusters: {}\n", "misplaced-key"],
  ["a key without its project", "  intent: {}\n", "unknown-key"],
  ["an encrypted value", "  meshwright:intent: { mtls: { trustDomain: { secure: abc } } }\n", "secure-value"],
  ["workloads that are no list", "  meshwright:workloads: app.yaml\n", "wrong-type"],
  ["an intent in a file and here", "  meshwright:intent: { file: a.yaml, mtls: {} }\n", "wrong-type"],
  ["an intent in a folder", "  meshwright:intent: { file: . }\n", "not-a-file"],
])("%s is refused", (_, sections, code) => {
  expect(folder.faults(folder.stack(sections)).map((f) => f.replace(/^\S+ /, ""))).toContain(code);
});

test("a hint corrects a key without its project", () => {
  const result = found(loadConfig(folder.stack("  intent: {}\n")));
  expect(result).toMatchObject([{ code: "unknown-key", hint: "write meshwright:intent" }]);
});

test("workloads are Kubernetes objects, each once, each in a namespace", () => {
  folder.write(
    "app.yaml",
    [
      "kind: Service",
      "metadata: { name: x }",
      "---",
      "apiVersion: v1",
      "kind: List",
      "items:",
      "  - { apiVersion: v1, kind: Service, metadata: { name: a } }",
      "  - { apiVersion: v1, kind: Service, metadata: { name: b, namespace: n } }",
      "---",
      "{ apiVersion: v1, kind: Service, metadata: { name: b, namespace: n } }",
    ].join("\n"),
  );
  expect(folder.faults(folder.stack("  meshwright:workloads: [app.yaml]\n"))).toEqual([
    "app.yaml:1:1 not-an-object",
    "app.yaml:7:38 missing-namespace",
    "app.yaml:10:52 workload-clash",
  ]);
});

test("an intent and workloads that tell different stories are refused, where the intent says its part", () => {
  folder.write(
    "intent.yaml",
    "services:\n  shop/cart:\n    serviceAccount: cart\n    ports: [{ port: 80 }]\n",
  );
  folder.write(
    "app.yaml",
    "{ apiVersion: v1, kind: Service, metadata: { name: cart, namespace: shop }, spec: { ports: [{ port: 8080 }] } }\n",
  );
  const file = folder.stack(
    "  meshwright:intent: { file: intent.yaml }\n  meshwright:workloads: [app.yaml]\n",
  );
  expect(folder.faults(file)).toEqual(["intent.yaml:4:5 workload-port"]);
});

test("what a mesh needs of the workloads is asked of them", () => {
  folder.write(
    "intent.yaml",
    "services:\n  shop/cart:\n    serviceAccount: cart\n    ports: [{ port: 80 }]\n    versions: { v1: { labels: { version: v1 } } }\n",
  );
  folder.write(
    "app.yaml",
    "{ apiVersion: apps/v1, kind: Deployment, metadata: { name: cart, namespace: shop }, spec: { template: { metadata: { labels: { app: cart, version: v1 } } } } }\n",
  );
  const stack = (mesh: string): string =>
    folder.write(
      "Pulumi.dev.yaml",
      `config:\n  meshwright:cluster: ${folder.cluster()}\n  meshwright:mesh: { kind: ${mesh} }\n  meshwright:intent: { file: intent.yaml }\n  meshwright:workloads: [app.yaml]\n`,
    );
  expect(folder.faults(stack("consul"))).toEqual(["intent.yaml:5:17 workload-annotation"]);
  expect(folder.faults(stack("istio"))).toEqual([]);
});
