import fc from "fast-check";
import { parseAllDocuments } from "yaml";
import { found } from "../../../lib";
import { checkPlan, placeWorkloads, printObjects, printPlan } from "../../../mesh";
import { inOrder } from "../../../mesh/plan/order";
import { mustHaveNamespace } from "../../../mesh/plan/scope";
import type { KubeObject, MeshPlan, Step } from "../../../mesh/plan/types";
import { shop } from "./intents";
import { objectsOf, planned } from "./istio/plans";
import { shuffled } from "./shuffle";

const step = (id: string, dependsOn: string[] = [], objects: KubeObject[] = []): Step => ({
  id,
  dependsOn,
  readiness: "ready",
  do: { kind: "objects", objects },
});
const plan = (...steps: Step[]): MeshPlan => ({
  mesh: { kind: "x", version: "1", mode: "y" },
  clusterFeatures: [],
  steps,
  outputs: {},
  warnings: [],
});
const config = (name: string, namespace = "shop"): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace },
});
const messages = (p: MeshPlan): string[] => checkPlan(p).map((d) => d.message);

test("a plan's steps have distinct ids, known dependencies, and an order", () => {
  expect(messages(plan(step("workloads"), step("a", ["workloads"])))).toEqual([]);
  expect(messages(plan(step("workloads"), step("a"), step("a")))).toEqual([
    "two steps of the plan are called a",
  ]);
  expect(messages(plan(step("workloads"), step("a", ["b"])))).toEqual([
    "step a depends on b, which the plan does not have",
  ]);
  expect(messages(plan(step("workloads"), step("a", ["b"]), step("b", ["a"]), step("c", ["b"])))).toEqual([
    "these steps wait for each other: a, b, c",
  ]);
  expect(messages(plan())).toEqual(["the plan has no step workloads"]);
});

test("no object is in a plan twice, in any version of its API", () => {
  const later = { ...config("x"), apiVersion: "v2" };
  const other = [config("x", "other"), { ...config("x"), apiVersion: "apps/v1" }];
  expect(messages(plan(step("workloads", [], [config("x"), ...other]), step("a", [], [later])))).toEqual([
    "ConfigMap shop/x is in the plan twice, in the steps workloads and a",
  ]);
});

test("workloads take their place in the order, unless the plan makes the object itself", () => {
  const mesh = planned({ intent: shop() });
  const placed = placeWorkloads(mesh, [config("x")]);
  expect(placed.ok && placed.value.steps.find((s) => s.id === "workloads")?.do).toEqual({
    kind: "objects",
    objects: [config("x")],
  });
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
  expect(found(placeWorkloads(mesh, [namespace], ["w"]))).toMatchObject([
    { code: "workload-clash", path: ["w"] },
  ]);
});

test("the printed plan has the same bytes however its intent was written", () => {
  const expected = printPlan(planned({ intent: shop() }));
  fc.assert(
    fc.property(
      fc.infiniteStream(fc.nat()),
      (numbers) => printPlan(planned({ intent: shuffled(shop(), numbers) })) === expected,
    ),
  );
});

test("every object of ours says who manages it", () => {
  const labels = objectsOf(planned({ intent: shop() })).map(
    (o) => o.metadata.labels?.["app.kubernetes.io/managed-by"],
  );
  expect(new Set(labels)).toEqual(new Set(["meshwright"]));
});

test("objects are printed as manifests, in the order of the steps", () => {
  const mesh = planned({ intent: shop() });
  const documents = parseAllDocuments(printObjects(mesh));
  const printed = (Array.isArray(documents) ? documents : [])
    .map((d) => d.toJS() as KubeObject | null)
    .filter((d) => d !== null);
  expect(printed).toEqual(
    inOrder(mesh.steps).ordered.flatMap((s) => (s.do.kind === "objects" ? s.do.objects : [])),
  );
});

test("kinds that live in namespaces are known; custom ones may live anywhere", () => {
  const without = (apiVersion: string, kind: string): boolean =>
    mustHaveNamespace({ apiVersion, kind, metadata: { name: "x" } });
  expect([
    without("v1", "Service"),
    without("apps/v1", "Deployment"),
    without("networking.k8s.io/v1", "Ingress"),
  ]).toEqual([true, true, true]);
  expect([
    without("v1", "Namespace"),
    without("rbac.authorization.k8s.io/v1", "ClusterRole"),
    without("example.com/v1", "Thing"),
  ]).toEqual([false, false, false]);
  expect(mustHaveNamespace(config("x"))).toBe(false);
});
