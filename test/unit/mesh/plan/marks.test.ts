import { found } from "../../../../lib";
import { placeWorkloads } from "../../../../mesh";
import type { KubeObject, Mark, MeshPlan } from "../../../../mesh/plan/types";
import { inShort, value } from "../intents";

const mark: Mark = { kind: "Service", namespace: "shop", name: "web", annotations: { "a.example/x": "1" } };
const plan: MeshPlan = {
  mesh: { kind: "any", version: "1", mode: "sidecar" },
  clusterFeatures: [],
  steps: [{ id: "workloads", dependsOn: [], readiness: "ready", do: { kind: "objects", objects: [] } }],
  marks: [mark],
  outputs: {},
  warnings: [],
};
const service = (annotations?: { [name: string]: string }): KubeObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "shop", ...(annotations === undefined ? {} : { annotations }) },
});

test("an object of the workloads gets the annotations that the plan needs on it, and keeps its own", () => {
  const { steps } = value(placeWorkloads(plan, [service({ own: "kept" })]));
  expect(steps[0]?.do).toMatchObject({
    objects: [{ metadata: { annotations: { own: "kept", "a.example/x": "1" } } }],
  });
});

test("one that says it already is left as it is, one that says something else is an error", () => {
  expect(found(placeWorkloads(plan, [service({ "a.example/x": "1" })]))).toEqual([]);
  const clash = placeWorkloads(plan, [service({ "a.example/x": "2" })], ["workloads"]);
  expect(clash.ok).toBe(false);
  expect(found(clash).map(inShort)).toEqual(["annotation-clash at workloads"]);
});

test("for one that is deployed by others, the command that does it is told", () => {
  const placed = placeWorkloads(plan, [], ["workloads"]);
  expect(placed.ok).toBe(true);
  expect(found(placed)).toMatchObject([
    {
      code: "annotate-by-hand",
      severity: "warning",
      hint: 'kubectl annotate -n shop service web a.example/x="1"',
    },
  ]);
});

test("others are not touched", () => {
  const other = { ...service(), metadata: { name: "web", namespace: "ops" } };
  const { steps } = value(placeWorkloads(plan, [other]));
  expect(steps[0]?.do).toEqual({ kind: "objects", objects: [other] });
});
