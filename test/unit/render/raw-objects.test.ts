import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planMesh } from "../../../components/plan";
import { found } from "../../../lib";
import { configureMesh } from "../../../mesh";
import { cluster } from "../mesh/istio/plans";
import { inShort, valid, value } from "../mesh/intents";
import { charts, helm, whereThereAre } from "./needs";

let folder: string | undefined;
const before = { ...process.env };
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "meshwright-raw-"));
  process.env["MESHWRIGHT_CACHE"] = folder;
});
afterAll(() => {
  process.env = before;
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

whereThereAre({ helm, charts })("raw objects and the CRDs of the mesh's charts", () => {
  const filter = (spec: object, apiVersion = "networking.istio.io/v1alpha3") => ({
    apiVersion,
    kind: "EnvoyFilter",
    metadata: { name: "limit", namespace: "shop" },
    spec,
  });

  async function said(object: object): Promise<string[]> {
    const mesh = value(configureMesh({ kind: "istio", charts: { kind: "folder", path: charts } }));
    const intent = valid({ raw: { istio: [object] } });
    const planned = await planMesh({ features: cluster, mesh, intent, workloads: [] });
    return found(planned).map((d) => `${d.severity} ${inShort(d)}`);
  }

  test("what fits goes into the plan, what does not is refused at its place", async () => {
    expect(await said(filter({ priority: 1 }))).toEqual([]);
    expect(await said(filter({ priority: "first" }))).toEqual([
      "error bad-object at raw.istio[0].spec.priority",
    ]);
    expect(await said(filter({ prioriti: 1 }))).toEqual(["error bad-object at raw.istio[0].spec.prioriti"]);
  });

  test("a version that the charts do not serve is refused; a kind of others is left to the cluster", async () => {
    expect(await said(filter({}, "networking.istio.io/v9"))).toEqual(["error unknown-kind at raw.istio[0]"]);
    expect(await said(filter({}, "example.com/v1"))).toEqual(["warning unknown-kind at raw.istio[0]"]);
  });
});
