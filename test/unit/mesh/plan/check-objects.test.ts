import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Json } from "../../../../lib";
import { checkObjects, schemasOf } from "../../../../mesh/plan/check-objects";
import { schemaFaults } from "../../../../mesh/plan/structural-schema";
import type { KubeObject, MeshPlan } from "../../../../mesh/plan/types";
import { allCrds, checkAgainstCrds, whereCrdsAre } from "../../../support/crds";

function faults(schema: { [key: string]: Json }, value: Json): string[] {
  return schemaFaults(schema, value).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

const object = (properties: { [key: string]: Json }) => ({ type: "object", properties });

test.each<[string, { [key: string]: Json }, Json, string]>([
  ["a wrong type", object({ a: { type: "string" } }), { a: [] }, "a: expected a string, found a list"],
  [
    "a fraction",
    object({ a: { type: "integer" } }),
    { a: 1.5 },
    "a: expected a whole number, found a number",
  ],
  ["nothing", object({ a: { type: "string" } }), { a: null }, "a: expected a string, found nothing"],
  ["an unknown field", object({ hosts: {} }), { hosst: 1 }, 'hosst: unknown field "hosst"'],
  ["a missing field", { ...object({}), required: ["a"] }, {}, ': the field "a" is missing'],
  ["an unlisted word", { enum: ["A", "B"] }, "a", ': "a" is none of "A", "B"'],
  ["a long text", { type: "string", maxLength: 2 }, "äöü", ": 3 characters, at most 2 are allowed"],
  ["a pattern", { type: "string", pattern: "^a+$" }, "b", ': "b" does not match ^a+$'],
  ["a small number", { type: "integer", minimum: 1 }, 0, ": 0 is out of bounds"],
  ["the bound itself", { type: "number", minimum: 1, exclusiveMinimum: true }, 1, ": 1 is out of bounds"],
  ["a long number", { type: "integer", format: "int32" }, 3e9, ": 3000000000 is out of bounds"],
  ["an empty list", { type: "array", minItems: 1 }, [], ": 0 items, at least 1 are needed"],
  ["a set", { type: "array", "x-kubernetes-list-type": "set" }, ["a", "a"], ": an item is here twice"],
  [
    "a map of names",
    { type: "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"] },
    [
      { name: "a", x: 1 },
      { name: "a", x: 2 },
    ],
    ": two items have the same name",
  ],
  [
    "a port that is a list",
    { "x-kubernetes-int-or-string": true },
    [],
    ": expected a whole number or a string, found a list",
  ],
  [
    "two of one",
    { ...object({ a: {}, b: {} }), oneOf: [{ required: ["a"] }, { required: ["b"] }] },
    { a: 1, b: 1 },
    ': exactly one must hold: {"required":["a"]} or {"required":["b"]}',
  ],
  [
    "what must not be",
    { ...object({ a: {} }), not: { required: ["a"] } },
    { a: 1 },
    ': this must not hold: {"required":["a"]}',
  ],
  [
    "none of several",
    { anyOf: [{ required: ["a"] }], ...object({}) },
    {},
    ': one must hold: {"required":["a"]}',
  ],
  ["all of several", { allOf: [{ minimum: 3 }] }, 1, ": not everything holds that must"],
])("%s is a fault", (_, schema, value, fault) => {
  expect(faults(schema, value)).toEqual([fault]);
});

test.each<[string, { [key: string]: Json }, Json]>([
  ["nothing where it may be", { type: "string", nullable: true }, null],
  [
    "any key where keys are names",
    { type: "object", additionalProperties: { type: "string" } },
    { any: "x" },
  ],
  [
    "any field where fields are kept",
    { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    { a: 1 },
  ],
  ["what objects have", { type: "object", "x-kubernetes-embedded-resource": true }, { kind: "Pod" }],
  ["both spellings of a port", { type: "array", items: { "x-kubernetes-int-or-string": true } }, [1, "http"]],
  [
    "one of two",
    { ...object({ a: {}, b: {} }), oneOf: [{ required: ["a"] }, { required: ["b"] }] },
    { b: 1 },
  ],
  ["a pattern that only Go reads", { type: "string", pattern: "(?i)x" }, "X"],
])("%s is no fault", (_, schema, value) => {
  expect(faults(schema, value)).toEqual([]);
});

const widgets: KubeObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    names: { kind: "Widget" },
    versions: [
      {
        name: "v1",
        served: true,
        schema: { openAPIV3Schema: object({ spec: object({ size: { type: "integer" } }) }) },
      },
      { name: "v0", served: false, schema: { openAPIV3Schema: object({}) } },
    ],
  },
};

const widget = (apiVersion: string, size: Json): KubeObject => ({
  apiVersion,
  kind: "Widget",
  metadata: { name: "w", namespace: "shop" },
  spec: { size },
});

test("faults stand where the object is written, and a version that is not served is unknown", () => {
  const check = (object: KubeObject) =>
    checkObjects([{ object, at: ["raw", "istio", 0] }], schemasOf([widgets])).map((d) => [
      d.code,
      d.path,
      d.hint,
    ]);
  expect(check(widget("example.com/v1", 1))).toEqual([]);
  expect(check(widget("example.com/v1", "1"))).toEqual([
    ["bad-object", ["raw", "istio", 0, "spec", "size"], undefined],
  ]);
  expect(check(widget("example.com/v0", 1))).toEqual([
    ["unknown-kind", ["raw", "istio", 0], "the kind is served as example.com/v1"],
  ]);
});

test("kinds of Kubernetes itself need no CRD, those of the Gateway API do", () => {
  const of = (apiVersion: string, kind: string) =>
    checkObjects([{ object: { apiVersion, kind, metadata: { name: "x" } }, at: [] }], new Map()).length;
  const builtIn: [string, string][] = [
    ["v1", "Service"],
    ["apps/v1", "Deployment"],
    ["policy/v1", "X"],
  ];
  expect(builtIn.map(([version, kind]) => of(version, kind))).toEqual([0, 0, 0]);
  expect(of("rbac.authorization.k8s.io/v1", "Role")).toBe(0);
  expect(of("gateway.networking.k8s.io/v1", "HTTPRoute")).toBe(1);
  expect(of("networking.istio.io/v1", "VirtualService")).toBe(1);
});

whereCrdsAre("the projects' own CRDs", () => {
  const goldens = join(__dirname, "../../../golden");
  const cases = readdirSync(goldens).filter((f) => f.endsWith(".out.yaml"));

  test("are there for every mesh", () => {
    const groups = new Set([...schemasOf(allCrds()).keys()].map((key) => key.split("/")[0]));
    expect([...groups]).toEqual(
      expect.arrayContaining([
        "networking.istio.io",
        "security.istio.io",
        "telemetry.istio.io",
        "gateway.networking.k8s.io",
        "policy.linkerd.io",
        "consul.hashicorp.com",
        "appmesh.k8s.aws",
        "flagger.app",
        "argoproj.io",
      ]),
    );
  });

  test.each(cases)("accept every object of %s", (file) => {
    const { plan } = parse(readFileSync(join(goldens, file), "utf8")) as { plan?: MeshPlan };
    const objects = (plan?.steps ?? []).flatMap((s) => (s.do.kind === "objects" ? s.do.objects : []));
    expect(checkAgainstCrds(objects)).toEqual([]);
  });

  test("refuse what is misspelled, and what the standard channel does not have", () => {
    const route = (rule: Json): KubeObject => ({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: { name: "x", namespace: "shop" },
      spec: { rules: [rule] },
    });
    const retry = route({ retry: { attempts: 2 } });
    expect(checkAgainstCrds([retry])).toEqual([]);
    expect(checkAgainstCrds([retry], "standard")).toEqual([
      'HTTPRoute shop/x: unknown field "retry" (at spec.rules[0].retry)',
    ]);
    expect(checkAgainstCrds([route({ timeouts: { request: "ten" } })])).toHaveLength(1);
  });
});
