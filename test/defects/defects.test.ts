import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROVE, HOUR } from "../equivalence/run";
import { defectsOf } from "../equivalence/judge/defects";
import { judgeAll } from "./run";
import { defects } from "./table";

const own = (routes?: string): number =>
  defectsOf({ kind: "istio", ...(routes !== undefined && { routes }) }).length;

test("there are a hundred of them by far, in every adapter", () => {
  expect(defects.length + own() + own("gatewayApi")).toBeGreaterThan(200);
  expect([...new Set(defects.map((d) => d.mesh))].sort()).toEqual([
    "aks-istio",
    "app-mesh",
    "cloud-service-mesh",
    "consul",
    "gateway-api",
    "linkerd",
  ]);
});

test("each has a name of its own, and one place", () => {
  const names = defects.map((d) => `${d.mesh}: ${d.name}`);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  const displaced = defects.filter(({ file, find, put }) => {
    const text = readFileSync(join(__dirname, "../..", file), "utf8");
    return text.split(find).length !== 2 || find === put;
  });
  expect(displaced.map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
});

// Minutes: each is a run of its judge.
(PROVE ? test : test.skip)(
  "each is seen",
  async () => {
    const verdicts = await judgeAll(defects, 2, ({ defect, seenBy }) =>
      process.stdout.write(`${defect.mesh}: ${defect.name}: ${seenBy ?? "missed"}\n`),
    );
    expect(verdicts.filter((v) => v.seenBy === undefined).map((v) => v.defect.name)).toEqual([]);
  },
  HOUR,
);
