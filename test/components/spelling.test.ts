import { asStored } from "../../components/steps/spelling";
import { canonicalQuantity } from "../../components/steps/quantities";

// As a Kubernetes API server 1.36 stores them.
test.each([
  ["2000m", "2"],
  ["1500m", "1500m"],
  ["0.5", "500m"],
  ["1.0", "1"],
  ["1000", "1k"],
  ["2500", "2500"],
  ["0", "0"],
  ["0m", "0"],
  ["1024Mi", "1Gi"],
  ["1536Mi", "1536Mi"],
  ["1.5Gi", "1536Mi"],
  ["128Mi", "128Mi"],
  ["1024", "1024"],
  ["1000M", "1G"],
  ["129e6", "129e6"],
  ["0.0001", "0.0001"],
  ["none", "none"],
])("%s is stored as %s", (written, stored) => {
  expect(canonicalQuantity(written)).toBe(stored);
});

const object = { apiVersion: "v1", kind: "Thing", metadata: { name: "thing" } };

test("only the quantities of resources are touched, wherever they are", () => {
  const resources = { limits: { cpu: 2, memory: "1024Mi" }, claims: [{ name: "1024Mi" }] };
  const container = { name: "1000m", resources };
  expect(asStored({ ...object, spec: { containers: [container] }, data: { cpu: "1000m" } })).toEqual({
    ...object,
    spec: {
      containers: [{ name: "1000m", resources: { ...resources, limits: { cpu: "2", memory: "1Gi" } } }],
    },
    data: { cpu: "1000m" },
  });
});

test("an empty environment variable has no value", () => {
  const env = [
    { name: "A", value: "" },
    { name: "B", value: "b" },
  ];
  expect(asStored({ ...object, env, args: [""] })).toEqual({
    ...object,
    env: [{ name: "A" }, { name: "B", value: "b" }],
    args: [""],
  });
});
