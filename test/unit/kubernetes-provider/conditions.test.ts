import { conditionAwaiter, parseConditions } from "../../../embedded/kubernetes-provider/await/conditions";
import { evaluate, parseJsonPath } from "../../../embedded/kubernetes-provider/await/json-path";

const OBJECT = {
  apiVersion: "v1",
  kind: "Thing",
  metadata: { name: "t", labels: { "app.kubernetes.io/name": "x" } },
  webhooks: [{ clientConfig: { caBundle: "abc" } }, { clientConfig: {} }],
  status: {
    phase: "Running",
    count: 2,
    conditions: [
      { type: "Ready", status: "True" },
      { type: "Synced", status: "False" },
    ],
  },
};

describe("a JSONPath", () => {
  test.each([
    ["{.status.phase}", ["Running"]],
    ["status.phase", ["Running"]],
    ["{$.status.count}", [2]],
    ["{.webhooks[*].clientConfig.caBundle}", ["abc"]],
    ["{.webhooks[0].clientConfig}", [{ caBundle: "abc" }]],
    ["{.webhooks[-1].clientConfig}", [{}]],
    [String.raw`{.metadata.labels.app\.kubernetes\.io/name}`, ["x"]],
    ["{.metadata.labels['app.kubernetes.io/name']}", ["x"]],
    ['{.status.conditions[?(@.type=="Synced")].status}', ["False"]],
    ["{.status.missing.deeper}", []],
  ])("%s leads to its values", (text, values) => {
    const path = parseJsonPath(text);
    if (typeof path === "string") throw new Error(path);
    expect(evaluate(path, OBJECT)).toEqual(values);
  });

  test.each(["{}", "{.a[?(@.b>1)]}", "{.a..b}", "{range .items[*]}"])(
    "%s is refused, with the place",
    (text) => {
      expect(parseJsonPath(text)).toEqual(expect.stringMatching(/JSONPath/));
    },
  );
});

describe("pulumi.com/waitFor", () => {
  const assess = (annotation: string) => {
    const conditions = parseConditions(annotation);
    if (typeof conditions === "string") throw new Error(conditions);
    return conditionAwaiter(conditions).assess({ object: OBJECT, related: [] });
  };

  test.each([
    ["jsonpath={.status.phase}=Running", true, "Found {.status.phase}=Running"],
    ["jsonpath={.status.phase}=Failed", false, 'Waiting for {.status.phase}=Failed (found "Running")'],
    ["jsonpath={.status.phase}", true, "Found {.status.phase}"],
    ["jsonpath={.status.ip}", false, "Waiting for {.status.ip}"],
    ["jsonpath={.status.count}=2", true, "Found {.status.count}=2"],
    ["condition=Ready", true, "Found condition=Ready"],
    ["condition=Synced", false, 'Waiting for condition=Synced (found "False")'],
    ["condition=Synced=False", true, "Found condition=Synced=False"],
  ])("%s", (annotation, ready, line) => {
    const { status = [], ...assessment } = assess(annotation);
    expect(assessment.ready).toBe(ready);
    expect(status.map(({ text }) => text)).toEqual([line]);
  });

  test("of a list, every condition must hold", () => {
    expect(assess('["condition=Ready","condition=Synced"]')).toMatchObject({
      ready: false,
      problems: ["condition=Synced was not met"],
    });
  });

  test.each(["Ready", "jsonpath={.a[", '["condition=Ready"', "[1]", "condition="])(
    "%s is refused",
    (annotation) => {
      expect(typeof parseConditions(annotation)).toBe("string");
    },
  );
});
