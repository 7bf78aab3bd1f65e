import { Lookup } from "../../../../mesh/intent/lookup";
import { parseIntent } from "../../../../mesh/intent";
import { rolloutFaults, rolloutSteps } from "../../../../mesh/rollouts";
import { value } from "../intents";

const versions = { v1: { labels: { version: "v1" } }, v2: { labels: { version: "v2" } } };
const services = {
  "shop/cart": { serviceAccount: "cart", ports: [{ port: 80, targetPort: 8080 }], versions },
};
const rollout = { service: "shop/cart", from: "v1", to: "v2", success: { successRate: 99, p99: "500ms" } };
const canary = { ...rollout, strategy: "canary", steps: [5, 50, 100], interval: "90s" };

function planned(intent: object, provider: { name: string } = { name: "istio" }) {
  const normalized = value(parseIntent({ services, ...intent }));
  const lookup = new Lookup(normalized);
  return {
    steps: rolloutSteps({ intent: normalized, lookup, provider, mesh: provider.name }, ["traffic"]),
    codes: rolloutFaults(normalized, lookup).map((d) => `${d.severity} ${d.code}`),
  };
}

const specOf = (intent: object): unknown => {
  const step = planned(intent).steps.find((s) => s.id === "rollouts");
  return step?.do.kind === "objects" ? step.do.objects.find((o) => o.kind === "Canary")?.["spec"] : undefined;
};

test("nothing is installed where nothing is rolled out", () => {
  expect(planned({}).steps).toEqual([]);
});

test("Flagger comes before what it is told, and tells workloads by a label of its own", () => {
  const { steps } = planned({ rollouts: [canary] });
  expect(steps.map((s) => [s.id, s.dependsOn])).toEqual([
    ["flagger-namespace", []],
    ["flagger", ["flagger-namespace", "traffic"]],
    ["rollouts", ["flagger", "traffic"]],
  ]);
  const chart = steps[1]?.do;
  expect(chart?.kind === "chart" && chart.chart.values).toMatchObject({
    meshProvider: "istio",
    selectorLabels: "meshwright.dev/rollout",
  });
});

test("a canary takes its steps while its figures are good", () => {
  expect(specOf({ rollouts: [canary] })).toMatchObject({
    provider: "istio",
    targetRef: { kind: "Deployment", name: "cart" },
    service: { name: "cart", port: 80, targetPort: 8080 },
    analysis: {
      interval: "90s",
      stepWeights: [5, 50, 100],
      metrics: [
        { name: "request-success-rate", thresholdRange: { min: 99 } },
        { name: "request-duration", thresholdRange: { max: 500 } },
      ],
    },
  });
});

test("blue and green are looked at for a while, then switched at once", () => {
  const spec = specOf({ rollouts: [{ ...rollout, strategy: "blueGreen" }] });
  expect(spec).toHaveProperty("analysis.iterations", 10);
  expect(spec).not.toHaveProperty("analysis.stepWeights");
});

test("what Flagger would fight over is refused, and the label that it needs is told", () => {
  const routes = [
    { kind: "http", for: { service: "shop/cart" }, rules: [{ backends: [{ service: "shop/cart" }] }] },
  ];
  expect(planned({ rollouts: [canary] }).codes).toEqual(["info needs-label"]);
  expect(planned({ rollouts: [canary], routes }).codes).toContain("error rollout-routes");
  const ports = [{ port: 80 }, { port: 81 }];
  const two = { "shop/cart": { ...services["shop/cart"], ports } };
  expect(planned({ services: two, rollouts: [canary] }).codes).toContain("error rollout-port");
});
