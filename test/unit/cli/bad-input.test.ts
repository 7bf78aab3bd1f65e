import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compare } from "../../../cli/compare";
import { UserError } from "../../../cli/exit";
import { explain } from "../../../cli/explain";
import { Faults } from "../../../cli/faults";
import { importIntent } from "../../../cli/import";
import { runPlan } from "../../../cli/plan";
import { report, validate } from "../../../cli/validate";
import { Kept } from "./output";

const folder = mkdtempSync(join(tmpdir(), "meshwright-bad-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ROOT = join(__dirname, "../../..");

function written(content: string): { file: string; stack: string } {
  const file = join(folder, "intent.yaml");
  writeFileSync(file, content);
  return { file, stack: "local" };
}

const bomb = Array.from({ length: 12 }, (_, i) => {
  const inner = i === 0 ? "x" : `*l${i - 1}`;
  return `l${i}: &l${i} [${Array(10).fill(inner).join(", ")}]`;
}).join("\n");
const service = "services: { shop/cart: { serviceAccount: cart, ports: [{ port: 80 }] } }\n";
const backends = (list: string): string =>
  `${service}routes: [{ kind: http, for: { service: shop/cart }, rules: [{ backends: [${list}] }] }]\n`;
const thousand = Array.from(
  { length: 1000 },
  (_, i) => `  shop/s${i}: { serviceAccount: s${i}, ports: [{ port: -1 }] }`,
).join("\n");

const BAD: readonly (readonly [string, string, string])[] = [
  ["a YAML bomb", bomb, "too-many-aliases"],
  ["an alias to what surrounds it", "services: &a\n  shop/x: *a\n", "cycle"],
  ["a key twice", "mtls: {}\nmtls: {}\n", "duplicate-key"],
  ["a key that reaches into JavaScript", "services: { __proto__: { x: 1 } }\n", "forbidden-key"],
  [
    "a name that is no DNS label",
    "services: { Shop/cart_1: { serviceAccount: x, ports: [{ port: 80 }] } }\n",
    "bad-name",
  ],
  ["a weight below zero", backends("{ service: shop/cart, weight: -1 }"), "out-of-range"],
  ["weights that come to nothing", backends("{ service: shop/cart, weight: 0 }"), "weights"],
  [
    "an expression that backtracks",
    `${service}routes: [{ kind: http, for: { service: shop/cart }, rules: [{ match: [{ path: { regex: "(a+)+\\\\1" } }], backends: [{ service: shop/cart }] }] }]\n`,
    "bad-regex",
  ],
  [
    "a host in another alphabet",
    "gateways: { g: { listeners: [{ port: 80, protocol: http, hosts: [bücher.example] }] } }\n",
    "bad-host",
  ],
  ["six megabytes", `# ${"x".repeat(6 * 1024 * 1024)}\n`, "file-too-large"],
  ["a thousand faults", `services:\n${thousand}\n`, "bad-port"],
];

describe.each(BAD)("%s", (_, content, code) => {
  const codes = (error: unknown): readonly string[] => {
    if (error instanceof Faults) return error.diagnostics.map((d) => d.code);
    throw error;
  };
  const thrown = (work: () => unknown): readonly string[] => {
    try {
      work();
      return [];
    } catch (error) {
      return codes(error);
    }
  };

  test("is told by validate, with its line, and by every command that reads an intent", async () => {
    const options = written(content);
    const output = new Kept();
    const found = validate(options, ROOT);
    expect(found.diagnostics.map((d) => d.code)).toContain(code);
    expect(found.diagnostics.every((d) => d.source !== undefined)).toBe(true);
    expect(report(found, output)).toBe(2);
    expect(thrown(() => explain("GET cart.shop/", options, ROOT))).toContain(code);
    expect(thrown(() => compare({ ...options, meshes: "istio,linkerd" }, ROOT))).toContain(code);
    const plan = runPlan({ ...options, mesh: "istio" }, ROOT, output);
    expect(await plan.then(() => [], codes)).toContain(code);
  });

  test("does not fell an import", () => {
    const { file } = written(content);
    try {
      importIntent({ from: "istio" }, [file]);
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
    }
  });
});

test("a thousand faults are all told", () => {
  const { diagnostics } = validate(written(`services:\n${thousand}\n`), ROOT);
  expect(diagnostics.filter(({ code }) => code === "bad-port")).toHaveLength(1000);
});

test.each([
  ["no verb", "cart.shop"],
  ["nothing", ""],
  ["a service that is not there", "GET carts.shop/ from cart.shop"],
  ["nobody who asks", "GET cart.shop/"],
  ["a very long question", `GET cart.shop/${"a".repeat(100_000)} from ${"b".repeat(100_000)}`],
])("a question with %s is asked back", (_, question) => {
  expect(() => explain(question, written(service), ROOT)).toThrow(UserError);
});

test("a file that is not there, and shapes that exclude each other, are told", async () => {
  expect(() => validate({ file: join(folder, "none.yaml"), stack: "local" }, ROOT)).toThrow(UserError);
  const both = { ...written(service), mesh: "istio", yaml: true, diff: true } as const;
  await expect(runPlan(both, ROOT, new Kept())).rejects.toThrow("exclude each other");
  const alone = { ...written(service), mesh: "istio", diff: true, kubeconfig: join(folder, "none") } as const;
  await expect(runPlan(alone, ROOT, new Kept())).rejects.toThrow();
});
