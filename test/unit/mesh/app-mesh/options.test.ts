import { found } from "../../../../lib";
import { appMesh } from "../../../../mesh/adapters/app-mesh";
import { capabilityIds } from "../../../../mesh/capability/ids";
import { inShort, value } from "../intents";
import { cluster } from "./plans";

const acknowledged = { acknowledgeDiscontinued: true };

test("nobody gets App Mesh without having said that they know that it has ended", () => {
  const result = appMesh.configure({}, ["mesh"]);
  expect(result.ok).toBe(false);
  const [diagnostic] = found(result);
  expect(diagnostic?.code).toBe("mesh-discontinued");
  expect(diagnostic?.message).toContain("2026-09-30");
  expect(diagnostic?.hint).toMatch(/VPC Lattice.*Service Connect.*import --from appmesh --to istio/);
  expect(appMesh.configure({ acknowledgeDiscontinued: false }, ["mesh"]).ok).toBe(false);
  expect(appMesh.configure(acknowledged, ["mesh"]).ok).toBe(true);
});

test("every fault of the options is said at once, its end among them", () => {
  const raw = { platform: "eck", tls: { kind: "file", secrets: "x" }, form: "api" };
  expect(found(appMesh.configure(raw, ["mesh"])).map(inShort)).toEqual([
    "mesh-discontinued at mesh",
    "unknown-key at mesh.tls.secrets",
    "unknown-value at mesh.platform",
  ]);
});

test("the controller works in Kubernetes only", () => {
  const raw = { ...acknowledged, platform: "ecs", form: "controller" };
  expect(found(appMesh.configure(raw, ["mesh"])).map(inShort)).toEqual(["misplaced-value at mesh.form"]);
});

test("mutual TLS is affirmed only with certificates that callers have too", () => {
  const supportOf = (options: object, id: "mtls.strict" | "mtls.permissive") =>
    value(appMesh.configure({ ...acknowledged, ...options }, [])).capabilities({ cluster })[id].kind;
  const acm = {
    tls: {
      kind: "acm",
      authorities: ["arn:aws:acm-pca:eu-west-1:1:certificate-authority/1"],
      certificates: {},
    },
  };
  expect(supportOf({}, "mtls.strict")).toBe("none");
  expect(supportOf(acm, "mtls.strict")).toBe("none");
  expect(supportOf(acm, "mtls.permissive")).toBe("native");
  expect(supportOf({ tls: { kind: "file" } }, "mtls.strict")).toBe("native");
  expect(supportOf({ tls: { kind: "sds" } }, "mtls.strict")).toBe("native");
});

test("each form answers for every capability, with a reason and a source where it cannot", () => {
  for (const { options } of appMesh.forms) {
    const table = value(appMesh.configure(options, [])).capabilities({ cluster });
    for (const id of capabilityIds) {
      const support = table[id];
      expect([id, support.source]).toEqual([id, expect.stringMatching(/^https:/)]);
    }
  }
});
