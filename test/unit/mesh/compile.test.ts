import { formatPath, found, ok, type Diagnostic } from "../../../lib";
import { compile } from "../../../mesh";
import { capabilityIds, type CapabilityId } from "../../../mesh/capability/ids";
import type { CapabilityTable, Support } from "../../../mesh/capability/types";
import type { NormalizedIntent } from "../../../mesh/intent/types";
import type { KubeObject, MeshPlan, Step } from "../../../mesh/plan/types";
import { checkRaw } from "../../../mesh/raw";
import { schemasOf } from "../../../mesh/plan/check-objects";
import type { ConfiguredMesh } from "../../../mesh/types";
import { ableTarget, formTables } from "../../../mesh/who-can";
import { meshes } from "../../../mesh/registry";
import { inShort, routed, valid, value } from "./intents";

const has: Support = { kind: "native", by: "spec", source: "https://example.com" };
const lacks: Support = {
  kind: "none",
  reason: "it has no such field",
  nearest: "a timeout",
  source: "https://x.example",
};

/** A mesh that has everything but what is named, and whose plan holds what it was handed. */
function mesh(...missing: CapabilityId[]): ConfiguredMesh & { planned: NormalizedIntent[] } {
  const planned: NormalizedIntent[] = [];
  const table = Object.fromEntries(capabilityIds.map((id) => [id, missing.includes(id) ? lacks : has]));
  const step = (id: string, objects: KubeObject[], dependsOn: string[]): Step => ({
    id,
    dependsOn,
    readiness: "ready",
    do: { kind: "objects", objects },
  });
  return {
    kind: "istio",
    version: "1",
    planned,
    capabilities: () => table as CapabilityTable,
    plan: (intent) => {
      planned.push(intent);
      const plan: MeshPlan = {
        mesh: { kind: "istio", version: "1", mode: "sidecar" },
        clusterFeatures: [],
        steps: [
          step("security", [own], []),
          step("workloads", [], ["security"]),
          step("traffic", [], ["security"]),
        ],
        outputs: {},
        warnings: [],
      };
      return ok(plan);
    },
  };
}

const own: KubeObject = {
  apiVersion: "example.com/v1",
  kind: "Widget",
  metadata: { name: "own", namespace: "shop" },
};
const retrying = {
  backends: [{ service: "shop/cart" }],
  retry: { retries: 2, budget: { percent: 20 }, backoff: "25ms" },
};
const give = (capability: string, at: string) => ({ capability, at, reason: "we wait" });

function told(intent: object, to: ConfiguredMesh): readonly Diagnostic[] {
  return found(compile(valid(intent), to, ableTarget));
}

test("what the mesh has goes into its plan as it is", () => {
  const able = mesh();
  const intent = valid(routed(retrying));
  expect(value(compile(intent, able, ableTarget)).steps.map(({ id }) => id)).toEqual([
    "security",
    "workloads",
    "traffic",
  ]);
  expect(able.planned).toEqual([intent]);
});

test("what the mesh lacks is refused where it is asked for, before anything is planned", () => {
  const poor = mesh("retry.budget", "retry.backoff", "mtls.strict");
  const faults = told(routed(retrying), poor);
  expect(faults.map(inShort).sort()).toEqual([
    "unsupported-capability at mtls.mode",
    "unsupported-capability at routes[0].rules[0].retry.backoff",
    "unsupported-capability at routes[0].rules[0].retry.budget",
  ]);
  const [budget] = faults.filter(({ path }) => path.at(-1) === "budget");
  expect(budget?.message).toBe("istio does not have budget of retries (retry.budget): it has no such field");
  expect(budget?.hint).toMatch(
    /^nearest: a timeout; (meshes that have it: .+|no mesh has it); or give it up here/,
  );
  const [strict] = faults.filter(({ path }) => path.at(-1) === "mode");
  expect(strict?.hint).not.toMatch(/give it up/);
  expect(poor.planned).toEqual([]);
});

test("the meshes that a refusal names have the capability, and no others do", () => {
  const hint = told({ mtls: { ca: { kind: "gcp-cas", pool: "x" } } }, mesh("mtls.ca.gcp-cas"))[0]?.hint ?? "";
  const able = formTables().filter(({ table }) => table["mtls.ca.gcp-cas"].kind !== "none");
  expect(hint).toContain(able.length === 0 ? "no mesh has it" : able.map(({ title }) => title).join(", "));
});

test("every form of every mesh can be configured, and answers for every capability", () => {
  const forms = Object.values(meshes).flatMap((adapter) => adapter.forms as readonly object[]);
  expect(formTables()).toHaveLength(forms.length);
  for (const { table } of formTables()) expect(Object.keys(table).sort()).toEqual([...capabilityIds].sort());
});

describe("degrade", () => {
  const two = { ...retrying, match: [{ method: "GET" }] };

  test("gives up exactly the uses of one capability at and below a place", () => {
    const poor = mesh("retry.budget");
    const at = (place: string) =>
      told({ ...routed(two, retrying), degrade: [give("retry.budget", place)] }, poor).map(inShort);
    expect(at("routes[0].rules[0]")).toEqual([
      "degraded at routes[0].rules[0]",
      "unsupported-capability at routes[0].rules[1].retry.budget",
    ]);
    expect(poor.planned).toEqual([]);
    expect(at("routes[0].rules[0].retry.budget")).toHaveLength(2);
    expect(at("routes[0]")).toEqual(["degraded at routes[0]"]);
    expect(at("routes")).toEqual(["degraded at routes"]);
    const [intent] = poor.planned;
    expect(intent?.routes[0]?.rules).toMatchObject([
      { retry: { retries: 2, backoffMs: 25 } },
      { retry: { retries: 2 } },
    ]);
    expect(JSON.stringify(intent?.routes)).not.toContain("budgetPercent");
  });

  test("says the loss and its reason, and how often it occurs", () => {
    const intent = { ...routed(two, retrying), degrade: [give("retry.budget", "routes[0]")] };
    expect(told(intent, mesh("retry.budget"))[0]?.message).toBe(
      "done without budget of retries (retry.budget), at 2 places below: we wait",
    );
    const plan = value(compile(valid(intent), mesh("retry.budget"), ableTarget));
    expect(plan.warnings.map(inShort)).toEqual(["degraded at routes[0]"]);
  });

  test("of what the mesh has is needless, and changes nothing", () => {
    const able = mesh();
    const intent = { ...routed(retrying), degrade: [give("retry.budget", "routes[0]")] };
    expect(told(intent, able).map(inShort)).toEqual(["degrade-unneeded at degrade[0].capability"]);
    expect(able.planned[0]?.routes).toEqual(valid(intent).routes);
  });

  test("that meets nothing is pointed out", () => {
    const intent = {
      ...routed({ backends: [{ service: "shop/cart" }] }),
      degrade: [give("retry.budget", "routes[0]")],
    };
    expect(told(intent, mesh("retry.budget")).map(inShort)).toEqual(["degrade-unmatched at degrade[0].at"]);
  });

  test("of a whole takes what belongs to it along", () => {
    const poor = mesh("retry", "retry.budget", "retry.backoff");
    const intent = { ...routed(retrying), degrade: [give("retry", "routes[0].rules[0]")] };
    expect(told(intent, poor).map(inShort)).toEqual(["degraded at routes[0].rules[0]"]);
  });

  test("never opens what the intent closes, nor what decides where requests go", () => {
    const intent = valid(routed({ ...retrying, match: [{ method: "GET" }] }));
    for (const [id, place] of [
      ["mtls.strict", ["mtls"]],
      ["match.method", ["routes", 0]],
    ] as const) {
      const entry = { capability: id, where: place, reason: "x", at: ["degrade", 0] };
      const faults = found(compile({ ...intent, degrade: [entry] }, mesh(id), ableTarget));
      expect(faults.map(({ code }) => code)).toEqual(["degrade-unmatched", "unsupported-capability"]);
    }
  });
});

describe("raw", () => {
  const widget = (name: string, spec: object = {}) => ({
    ...own,
    metadata: { name, namespace: "shop" },
    spec,
  });

  test("objects for this mesh come after everything else of its plan, marked as ours; others stay out", () => {
    const intent = valid({ raw: { istio: [widget("b"), widget("a")], linkerd: [widget("c")] } });
    const known = { ...intent, raw: intent.raw.filter(({ mesh: kind }) => kind in meshes) };
    const { steps } = value(compile(known, mesh(), ableTarget));
    const [raw] = steps.slice(-1);
    expect(raw).toMatchObject({
      id: "raw",
      dependsOn: ["workloads", "traffic"],
      do: {
        objects: [
          { metadata: { name: "a", labels: { "app.kubernetes.io/managed-by": "meshwright" } } },
          { metadata: { name: "b" } },
        ],
      },
    });
  });

  test("an object that the plan makes, or that is there twice, is refused where it is written", () => {
    expect(
      told({ raw: { istio: [widget("own"), widget("a"), widget("a")] } }, mesh())
        .map(inShort)
        .sort(),
    ).toEqual(["raw-clash at raw.istio[0]", "raw-clash at raw.istio[2]"]);
  });

  test("a mesh that there is not is one that was meant otherwise", () => {
    const [fault] = told({ raw: { istoi: [widget("a")] } }, mesh());
    expect(fault && [inShort(fault), fault.hint]).toEqual([
      "unknown-mesh at raw.istoi",
      'did you mean "istio"?',
    ]);
  });

  test("objects are checked by the schemas that charts bring along", () => {
    const schema = {
      type: "object",
      properties: { spec: { type: "object", properties: { size: { type: "integer" } } } },
    };
    const crd: KubeObject = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "widgets.example.com" },
      spec: {
        group: "example.com",
        names: { kind: "Widget" },
        versions: [{ name: "v1", served: true, schema: { openAPIV3Schema: schema } }],
      },
    };
    const check = (spec: object) =>
      checkRaw(valid({ raw: { istio: [widget("a", spec)] } }), "istio", schemasOf([crd])).map(inShort);
    expect(check({ size: 3 })).toEqual([]);
    expect(check({ size: "3" })).toEqual(["bad-object at raw.istio[0].spec.size"]);
    expect(check({ sise: 3 })).toEqual(["bad-object at raw.istio[0].spec.sise"]);
    const severities = (object: object) =>
      checkRaw(valid({ raw: { istio: [object] } }), "istio", schemasOf([crd])).map((d) => d.severity);
    expect(severities({ ...widget("a"), kind: "Wigdet" })).toEqual(["error"]);
    expect(severities({ ...widget("a"), apiVersion: "example.org/v1" })).toEqual(["warning"]);
  });

  test("what is no object is refused with the intent", () => {
    const path = formatPath(["raw", "istio", 0]);
    expect(() => valid({ raw: { istio: [{ kind: "Widget" }] } })).toThrow(`not-an-object at ${path}`);
    expect(() => valid({ raw: { istio: "x" } })).toThrow("wrong-type");
  });
});

test("a mesh's own refusal is passed on", () => {
  const refusing: ConfiguredMesh = {
    ...mesh(),
    plan: () => ({ ok: false, diagnostics: [{ code: "x", severity: "error", path: [], message: "no" }] }),
  };
  expect(told({}, refusing).map(inShort)).toEqual(["x"]);
});
