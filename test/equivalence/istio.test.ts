import { describeWithIstio } from "./needs";
import { HOUR, PROVE, run, seededRun, summary, unproved } from "./run";

const FORMS = [
  { title: "VirtualServices", mesh: { kind: "istio" }, channel: "standard" },
  {
    title: "objects of the Gateway API",
    mesh: { kind: "istio", routes: "gatewayApi" },
    channel: "experimental",
  },
];

describeWithIstio("what an intent means is what istiod and Envoy make of its plan", () => {
  test.each(FORMS)(
    "$title",
    async ({ mesh, channel }) => {
      const pairs = PROVE ? 10_000 : 250;
      const report = await run({ mesh: JSON.stringify(mesh), channel, pairs, seed: PROVE ? 1000 : 1 });
      process.stdout.write(`${summary(report)}\n`);
      expect(report.mismatches).toEqual([]);
      expect(report.refusals).toEqual([]);
      expect(report.pairs).toBeGreaterThanOrEqual(pairs);
      // A sample is too small for every capability to have its turn.
      if (PROVE) expect(unproved(report)).toEqual([]);
    },
    PROVE ? HOUR : 5 * 60_000,
  );

  // So that the above means something.
  (PROVE ? test : test.skip)(
    "defects on purpose are seen",
    async () => {
      const { caught, refused, missed } = await seededRun();
      process.stdout.write(`${caught.length} defects seen in answers, ${refused.length} refused\n`);
      expect(missed).toEqual([]);
    },
    HOUR,
  );
});
