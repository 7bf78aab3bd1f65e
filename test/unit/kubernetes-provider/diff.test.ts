import { changes, diffObject, formatPath } from "../../../embedded/kubernetes-provider/diff";
import { Secret, Unknown, type DiffRequest, type ValueMap } from "../../../embedded/plugin";

const FIXED = { configMapMutable: false, secretMutable: false };

function diff(type: string, olds: ValueMap, news: ValueMap) {
  const request = { type, olds: {}, oldInputs: olds, news } as unknown as DiffRequest;
  return diffObject(FIXED, request);
}

const object = (apiVersion: string, kind: string, spec: ValueMap): ValueMap => ({
  apiVersion,
  kind,
  metadata: { name: "x" },
  spec,
});

describe("differences", () => {
  test("are told where they are, and how", () => {
    const before = { a: 1, b: { c: [1, 2], "d.e": "x" }, gone: { x: 1 } };
    const after = { a: 1, b: { c: [1, 3, 4], "d.e": "y" }, added: { y: 1 } };
    const found = changes(before, after).map(({ path, kind }) => [formatPath(path), kind]);
    expect(found).toEqual([
      ["added", "ADD"],
      ["b.c[1]", "UPDATE"],
      ["b.c[2]", "ADD"],
      ['b["d.e"]', "UPDATE"],
      ["gone", "DELETE"],
    ]);
  });

  test("are in values, not in whether they are secret; what is not known yet differs", () => {
    expect(changes({ a: new Secret("x"), b: null }, { a: "x" })).toEqual([]);
    expect(changes({ a: "x" }, { a: Unknown.value })).toHaveLength(1);
  });
});

describe("a replacement", () => {
  const claim = (storage: string) =>
    object("v1", "PersistentVolumeClaim", { resources: { requests: { storage } } });
  const job = (image: string, backoffLimit: number) =>
    object("batch/v1", "Job", { backoffLimit, template: { spec: { containers: [{ image }] } } });
  const pod = (container: ValueMap) => object("v1", "Pod", { containers: [container] });
  const set = (spec: ValueMap) => object("apps/v1", "StatefulSet", spec);

  test.each([
    ["PersistentVolumeClaim", claim("1Gi"), claim("2Gi"), ["spec.resources.requests.storage"]],
    ["Job's template", job("a", 1), job("b", 2), ["spec.template.spec.containers[0].image"]],
    ["Job's limit", job("a", 1), job("a", 2), []],
    ["Pod's container", pod({ image: "a" }), pod({ image: "b" }), ["spec.containers[0].image"]],
    ["Pod's container's name for itself", pod({ name: "a" }), pod({ name: "b" }), []],
    [
      "StatefulSet's claims",
      set({ serviceName: "a", replicas: 1 }),
      set({ serviceName: "b", replicas: 2 }),
      ["spec.serviceName"],
    ],
  ])("of a %s", (_, olds, news, replaces) => {
    const { apiVersion, kind } = news as { apiVersion: string; kind: string };
    const result = diff(`kubernetes:${apiVersion === "v1" ? "core/v1" : apiVersion}:${kind}`, olds, news);
    expect(result.replaces).toEqual(replaces);
  });

  test("comes of what appears or goes as a whole, if the fixed field is inside", () => {
    const bare = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "x" } };
    const news = { ...bare, spec: { selector: {} } };
    expect(diff("kubernetes:apps/v1:Deployment", bare, news).replaces).toEqual(["spec"]);
    expect(diff("kubernetes:apps/v1:Deployment", bare, { ...bare, spec: { replicas: 1 } }).replaces).toEqual(
      [],
    );
  });

  test("deletes first only where both would have one name", () => {
    const named = (name: string, annotations: ValueMap = {}) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, annotations },
    });
    const autonamed = { "pulumi.com/autonamed": "true" };
    const both = (olds: ValueMap, news: ValueMap) =>
      diff("kubernetes:core/v1:ConfigMap", { ...olds, data: { a: "1" } }, { ...news, data: { a: "2" } });
    expect(both(named("x"), named("x")).deleteBeforeReplace).toBe(true);
    expect(both(named("x"), named("y")).deleteBeforeReplace).toBe(false);
    expect(both(named("x", autonamed), named("x", autonamed)).deleteBeforeReplace).toBe(false);
  });
});
