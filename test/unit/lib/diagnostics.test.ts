import {
  canonicalText,
  didYouMean,
  errorAt,
  formatDiagnostics,
  formatPath,
  nearest,
  present,
  warningAt,
} from "../../../lib";

test("the nearest candidate is suggested, swapped letters and other cases included", () => {
  expect(nearest("rotues", ["routes", "rollouts"])).toBe("routes");
  expect(nearest("Routes", ["routes"])).toBe("routes");
  expect(nearest("serviceAcount", ["serviceAccount", "services"])).toBe("serviceAccount");
});

test("nothing is suggested where nothing is near, or the word is absurdly long", () => {
  expect(nearest("banana", ["routes", "access"])).toBeUndefined();
  expect(nearest("x".repeat(100_000), ["x".repeat(100_000)])).toBeUndefined();
  expect(didYouMean("banana", ["routes", "access"])).toBe("known: routes, access");
  expect(didYouMean("x", [])).toBe("there are none to choose from");
  expect(
    didYouMean(
      "banana",
      Array.from({ length: 20 }, (_, i) => `k${i}`),
    ),
  ).toMatch(/and 8 more$/);
});

test("diagnostics are printed in the order of their files, with position, path and hint", () => {
  const second = {
    ...errorAt(["a", 0], { code: "x", message: "late" }),
    source: { file: "f.yaml", line: 9, column: 1 },
  };
  const first = {
    ...warningAt(["a", "b/c"], { code: "y", message: "early", hint: "do it" }),
    source: { file: "f.yaml", line: 2, column: 3 },
  };
  const nowhere = errorAt([], { code: "z", message: "whole" });
  expect(formatDiagnostics([nowhere, second, first])).toBe(
    'f.yaml:2:3: warning y: early (at a["b/c"])\n  do it\nf.yaml:9:1: error x: late (at a[0])\nerror z: whole',
  );
});

test("paths quote what is not a plain key", () => {
  expect(formatPath(["services", "shop/cart", "ports", 0, "target-port"])).toBe(
    'services["shop/cart"].ports[0].target-port',
  );
});

test("canonical text does not depend on the order of keys", () => {
  expect(canonicalText({ b: [{ d: 1, c: 2 }], a: null })).toBe(
    canonicalText({ a: null, b: [{ c: 2, d: 1 }] }),
  );
  expect(canonicalText([1, 2])).not.toBe(canonicalText([2, 1]));
});

test("present drops what is undefined and keeps what is merely empty", () => {
  expect(Object.keys(present({ a: undefined, b: 0, c: "", d: false, e: null }))).toEqual([
    "b",
    "c",
    "d",
    "e",
  ]);
});
