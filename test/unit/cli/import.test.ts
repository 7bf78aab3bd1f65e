import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { importIntent, report, type Imported } from "../../../cli/import";
import { checkAgainstCrds } from "../../support/crds";
import type { KubeObject } from "../../../mesh/plan/types";
import { Kept } from "./output";

const folder = mkdtempSync(join(tmpdir(), "meshwright-import-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function imported(yaml: string, options: Parameters<typeof importIntent>[0]): Imported {
  const file = join(folder, "manifests.yaml");
  writeFileSync(file, yaml);
  return importIntent(options, [file]);
}

function node(version: string): string {
  return `
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: { name: ${version}, namespace: paint }
spec:
  podSelector: { matchLabels: { app: shade, version: ${version} } }
  listeners:
    - portMapping: { port: 8080, protocol: http }
      healthCheck: { protocol: http, path: /ping, healthyThreshold: 2, unhealthyThreshold: 2, timeoutMillis: 2000, intervalMillis: 5000 }
  serviceDiscovery: { dns: { hostname: shade-${version}.paint.svc.cluster.local } }
---
apiVersion: v1
kind: Service
metadata: { name: shade-${version}, namespace: paint }
spec: { selector: { app: shade, version: ${version} }, ports: [{ name: http, port: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${version}, namespace: paint }
spec: { template: { metadata: { labels: { app: shade, version: ${version} } }, spec: { serviceAccountName: shade } } }
---`;
}

/** As AWS's own walkthroughs have it: a name that callers call, a Service for the pods of each version. */
const APP_MESH = `
apiVersion: appmesh.k8s.aws/v1beta2
kind: Mesh
metadata: { name: paint }
spec: { namespaceSelector: { matchLabels: { mesh: paint } } }
---${node("light")}${node("dark")}
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualService
metadata: { name: shade, namespace: paint }
spec:
  awsName: shade.paint.svc.cluster.local
  provider: { virtualRouter: { virtualRouterRef: { name: shade } } }
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualRouter
metadata: { name: shade, namespace: paint }
spec:
  listeners: [{ portMapping: { port: 8080, protocol: http } }]
  routes:
    - name: at-night
      priority: 10
      httpRoute:
        match: { prefix: /, headers: [{ name: hour, match: { exact: night } }] }
        action: { weightedTargets: [{ virtualNodeRef: { name: dark }, weight: 1 }] }
        retryPolicy: { maxRetries: 0, perRetryTimeout: { unit: s, value: 1 }, httpRetryEvents: [server-error] }
    - name: else
      httpRoute:
        match: { prefix: / }
        action: { weightedTargets: [{ virtualNodeRef: { name: light }, weight: 9 }, { virtualNodeRef: { name: dark }, weight: 1 }] }
        retryPolicy: { maxRetries: 2, perRetryTimeout: { unit: s, value: 1 }, httpRetryEvents: [server-error] }
`;

test("App Mesh's services of one node each are versions of the service that callers call", () => {
  const { intent, losses } = imported(APP_MESH, { from: "appmesh" });
  expect(Object.keys(intent.services ?? {})).toEqual(["paint/shade"]);
  expect(intent.services?.["paint/shade"]).toMatchObject({
    serviceAccount: "shade",
    versions: { dark: { labels: { version: "dark" } }, light: { labels: { version: "light" } } },
  });
  expect(intent.routes).toMatchObject([
    {
      for: { service: "paint/shade" },
      rules: [
        { match: [{ headers: { hour: { exact: "night" } } }], backends: [{ version: "dark" }] },
        { backends: [{ version: "light", weight: 9 }, { version: "dark" }] },
      ],
    },
  ]);
  expect(losses.filter(({ code }) => code === "lost")).toEqual([]);
});

test("what was written for App Mesh becomes objects that Istio takes, and what Istio lacks is told", () => {
  const { manifests = "", faults, givenUp, intent } = imported(APP_MESH, { from: "app-mesh", to: "istio" });
  expect(faults).toEqual([]);
  const objects = parseAllDocuments(manifests).flatMap((d) => (d.toJS() as KubeObject | null) ?? []);
  expect(checkAgainstCrds(objects)).toEqual([]);
  expect(objects.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(["VirtualService", "DestinationRule", "PeerAuthentication"]),
  );
  expect(manifests).toMatch(/host: shade\.paint\.svc\.cluster\.local/);
  expect(givenUp.map(({ message }) => message)).toEqual([
    expect.stringContaining("active health checks (traffic.healthCheck)"),
  ]);
  expect(intent.degrade).toMatchObject([{ capability: "traffic.healthCheck" }]);
});

test("what secures is never given up for another mesh", () => {
  const policy = `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: no, namespace: shop }
spec:
  action: DENY
  selector: { matchLabels: { app: cart } }
  rules: [{ to: [{ operation: { methods: [DELETE] } }] }]
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ name: http, port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec: { template: { metadata: { labels: { app: cart } }, spec: { serviceAccountName: cart } } }
`;
  const { manifests, faults, intent } = imported(policy, {
    from: "istio",
    to: "{ kind: linkerd, webhooks: { certManager: { issuer: ca } } }",
  });
  expect(manifests).toBeUndefined();
  expect(intent.degrade ?? []).toEqual([]);
  expect(faults.map(({ code }) => code)).toContain("unsupported-capability");
});

test("the report prints the intent where results go, and the losses where progress goes", () => {
  const output = new Kept();
  expect(report(imported(APP_MESH, { from: "appmesh" }), output)).toBe(0);
  expect(output.text).toContain("paint/shade:");
  expect(output.told.join("\n")).toMatch(/manifests\.yaml:\d+:\d+: warning assumed: no Service chooses/);
});

test("a language or mesh that is not there is asked back", () => {
  expect(() => imported(APP_MESH, { from: "istoi" })).toThrow('cannot import from "istoi"');
  expect(() => imported(APP_MESH, { from: "appmesh", to: "linkrd" })).toThrow('unknown mesh "linkrd"');
});

test.each([
  ["nothing", "", 0],
  ["a text", "hello\n", 1],
  ["a list", "[1, 2]\n", 1],
  ["an object of nobody", "apiVersion: example.com/v1\nkind: Thing\nmetadata: { name: x }\n", 1],
])("%s is imported as nothing, and told", (_, yaml, losses) => {
  expect(imported(yaml, { from: "istio" }).losses.length).toBeGreaterThanOrEqual(losses);
});
