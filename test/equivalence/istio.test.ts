import { describeWithLaboratory } from "./needs";
import { run, summary } from "./run";

const PROVE = process.env["MESHWRIGHT_PROVE"] === "1";
const PAIRS = PROVE ? 10_000 : 250;
const HOUR = 3600 * 1000;

const FORMS = [
  { title: "VirtualServices", mesh: { kind: "istio" }, channel: "standard" },
  { title: "Gateway API", mesh: { kind: "istio", routes: "gatewayApi" }, channel: "experimental" },
];

describeWithLaboratory("what an intent means is what istiod and Envoy make of its plan", () => {
  test.each(FORMS)(
    "$title",
    async ({ mesh, channel }) => {
      const report = await run({ mesh: JSON.stringify(mesh), channel, pairs: PAIRS, seed: PROVE ? 1000 : 1 });
      process.stdout.write(`${summary(report)}\n`);
      expect(report.mismatches).toEqual([]);
      expect(report.refusals).toEqual([]);
      expect(report.pairs).toBeGreaterThanOrEqual(PAIRS);
      const unseen = Object.entries(report.capabilities).filter(([, pairs]) => pairs === 0);
      // A sample is too small for every capability to have its turn.
      if (PROVE) expect(unseen).toEqual([]);
    },
    PROVE ? HOUR : 4 * 60_000,
  );
});
