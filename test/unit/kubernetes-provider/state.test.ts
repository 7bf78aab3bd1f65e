import { hasEarlierManagers, takeOver } from "../../../embedded/kubernetes-provider/managed-fields";
import { restricted } from "../../../embedded/kubernetes-provider/state";
import { markLike, redact, Secret } from "../../../embedded/plugin";

describe("drift", () => {
  test("is looked for in the fields that the inputs speak of", () => {
    const inputs = { metadata: { name: "x" }, spec: { ports: [{ port: 80 }], gone: 1 } };
    const live = {
      metadata: { name: "x", uid: "u", labels: { theirs: "1" } },
      spec: { ports: [{ port: 81, protocol: "TCP" }, { port: 90 }], clusterIP: "1.2.3.4" },
      status: {},
    };
    expect(restricted(live, inputs)).toEqual({
      metadata: { name: "x" },
      spec: { ports: [{ port: 81 }, { port: 90 }] },
    });
  });
});

describe("secrets", () => {
  test("are marked where the inputs are secret, and where their text comes up again", () => {
    const inputs = { a: { b: new Secret("hidden"), c: "open" } };
    expect(
      markLike({ a: { b: "hidden", c: "open" }, copy: ["<hidden>", "aGlkZGVu"], d: 1 }, [inputs]),
    ).toEqual({
      a: { b: new Secret("hidden"), c: "open" },
      copy: [new Secret("<hidden>"), new Secret("aGlkZGVu")],
      d: 1,
    });
  });

  test("too short to be looked for, or no text at all, are still secret in their place", () => {
    const inputs = { ports: [{ port: new Secret(80), name: new Secret("on") }], on: true };
    expect(markLike({ ports: [{ port: 80, name: "on", protocol: "TCP" }], on: "on" }, [inputs])).toEqual({
      ports: [{ port: new Secret(80), name: new Secret("on"), protocol: "TCP" }],
      on: "on",
    });
  });

  test("are blotted out of messages, in base64 as well; very short ones would blot out everything", () => {
    const values = [{ a: new Secret({ b: "hidden", c: "on" }) }];
    expect(redact("hidden or aGlkZGVu is on", values)).toBe("[secret] or [secret] is on");
  });
});

describe("field managers", () => {
  const entry = (manager: string, operation: string, fieldsV1: object) => ({
    manager,
    operation,
    fieldsV1,
    fieldsType: "FieldsV1",
  });
  const object = (...managedFields: object[]) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "x", resourceVersion: "7", managedFields },
  });

  test("of our own earlier writes hand their fields over", () => {
    const ours = entry("mine", "Apply", { "f:data": { "f:a": {} } });
    const created = entry("pulumi-kubernetes", "Update", { "f:data": { "f:b": {} } });
    const theirs = entry("other", "Update", { "f:data": { "f:c": {} } });
    expect(hasEarlierManagers(object(created, theirs))).toBe(true);
    expect(takeOver(object(created, theirs, ours), "mine")).toEqual([
      {
        op: "replace",
        path: "/metadata/managedFields",
        value: [entry("mine", "Apply", { "f:data": { "f:a": {}, "f:b": {} } }), theirs],
      },
      { op: "replace", path: "/metadata/resourceVersion", value: "7" },
    ]);
  });

  test("of others are left alone", () => {
    expect(takeOver(object(entry("other", "Update", {})), "mine")).toBeUndefined();
    expect(hasEarlierManagers(object(entry("other", "Update", {})))).toBe(false);
  });
});
