import { formatPath, found } from "../../../../lib";
import { configureMesh } from "../../../../mesh";

const faults = (options: object): string[] =>
  found(configureMesh({ kind: "istio", ...options }, ["mesh"])).map(
    (d) => `${d.code} at ${formatPath(d.path)}`,
  );

test("no option is required", () => {
  expect(faults({})).toEqual([]);
});

test("every fault is reported at its option", () => {
  expect(
    faults({
      profle: "ha",
      version: "1.31",
      revision: "A",
      cni: "yes",
      resources: { proxy: { requests: { cpu: "much" } } },
    }),
  ).toEqual([
    "unknown-key at mesh.profle",
    "unknown-version at mesh.version",
    "bad-name at mesh.revision",
    "wrong-type at mesh.cni",
    "bad-quantity at mesh.resources.proxy.requests.cpu",
  ]);
});

test("a chart source needs what goes with its kind, and nothing else", () => {
  expect(faults({ charts: { kind: "bundled" } })).toEqual([]);
  expect(faults({ charts: { kind: "oci", registry: "oci://registry.example.com/charts" } })).toEqual([]);
  expect(faults({ charts: { kind: "folder" } })).toEqual(["misplaced-key at mesh.charts"]);
  expect(faults({ charts: { kind: "folder", path: "charts", url: "https://x.example.com" } })).toHaveLength(
    1,
  );
  expect(faults({ charts: { kind: "repository", url: "ftp://x" } })).toEqual([
    "bad-address at mesh.charts.url",
  ]);
});

test("credentials in an address are refused and not repeated", () => {
  const [fault] = found(
    configureMesh({ kind: "istio", charts: { kind: "repository", url: "https://me:hunter2@x.example.com" } }),
  );
  expect(fault?.code).toBe("bad-address");
  expect(JSON.stringify(fault)).not.toContain("hunter2");
});

test("the bundled charts are of one line of Istio; charts from elsewhere may be of others", () => {
  expect(faults({ version: "1.30.3" })).toEqual(["version-not-bundled at mesh.version"]);
  expect(faults({ version: "1.30.3", charts: { kind: "folder", path: "x" } })).toEqual([]);
});

test("tags need a revision", () => {
  expect(faults({ revisionTags: ["prod"] })).toEqual(["missing-key at mesh.revisionTags"]);
});

test("an unknown mesh is refused with those there are", () => {
  expect(found(configureMesh({ kind: "isto" }))).toMatchObject([
    { code: "unknown-mesh", path: ["kind"], hint: 'did you mean "istio"?' },
  ]);
  expect(found(configureMesh({}))).toMatchObject([
    { code: "unknown-mesh", hint: expect.stringMatching(/^write kind: and one of istio/) as string },
  ]);
  expect(found(configureMesh({ kind: "constructor" }))).toMatchObject([{ code: "unknown-mesh" }]);
});
