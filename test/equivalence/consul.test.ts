import { describeWithConsul } from "./needs";
import { HOUR, PROVE, run, summary } from "./run";

const MESH = {
  ...{ kind: "consul", platform: "agents", acls: false, datacenter: "dc1" },
  namespaces: { create: false },
};

describeWithConsul("what an intent means is what a Consul agent and Envoy make of its plan", () => {
  test(
    "config entries",
    async () => {
      const pairs = PROVE ? 2000 : 150;
      const report = await run({ mesh: JSON.stringify(MESH), pairs, seed: PROVE ? 500 : 1 });
      process.stdout.write(`${summary(report)}\n`);
      expect(report.mismatches).toEqual([]);
      expect(report.refusals).toEqual([]);
      expect(report.pairs).toBeGreaterThanOrEqual(pairs);
    },
    PROVE ? HOUR : 5 * 60_000,
  );
});
