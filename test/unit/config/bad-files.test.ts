import { join } from "node:path";
import { found } from "../../../lib";
import { loadConfig } from "../../../config";
import { Folder } from "./files";

const folder = new Folder();
const foundIn = (file: string) => found(loadConfig(file));
const inIntent = (content: string | Buffer): string[] => {
  folder.write("intent.yaml", content);
  return folder.faults(folder.stack("  meshwright:intent: { file: intent.yaml }\n"));
};

test("a file that is not there, or a folder, is said to be so", () => {
  expect(folder.faults(join(folder.path, "absent.yaml"))).toEqual(["absent.yaml:1:1 no-such-file"]);
  expect(found(loadConfig(folder.path))).toMatchObject([{ code: "not-a-file" }]);
});

test("every syntax error is reported, with its place", () => {
  expect(inIntent("a: [1\nb: }\n")).toEqual(
    expect.arrayContaining([expect.stringMatching(/^intent.yaml:2:\d yaml$/)]),
  );
});

test("a key twice is an error, at its second place", () => {
  expect(inIntent("mtls: {}\nservices: {}\nmtls: {}\n")).toEqual(["intent.yaml:3:1 duplicate-key"]);
});

test("keys that are one for JavaScript are one key, wherever they stand", () => {
  expect(inIntent('a: { 1: x, "1": y }\n')).toEqual(["intent.yaml:1:12 duplicate-key"]);
  expect(inIntent("- x:\n    y: 1\n    y: 2\n")).toEqual(["intent.yaml:3:5 duplicate-key"]);
  expect(inIntent("a: 1\nb: 2\n").map((f) => f.split(" ")[1])).toEqual(["unknown-key", "unknown-key"]);
});

test("a section with very many keys is read in one go", () => {
  const keys = Array.from({ length: 50_000 }, (_, i) => `k${i}: 1`);
  expect(inIntent(keys.join("\n"))).toHaveLength(50_000);
  expect(inIntent([...keys, "k7: 1"].join("\n"))).toEqual(["intent.yaml:50001:1 duplicate-key"]);
});

test("aliases that would fill the memory are refused", () => {
  const levels = Array.from(
    { length: 12 },
    (_, i) =>
      `l${i}: &l${i} [${Array(10)
        .fill(i === 0 ? "x" : `*l${i - 1}`)
        .join(", ")}]`,
  );
  expect(inIntent(`${levels.join("\n")}\n`)).toEqual(["intent.yaml:1:1 too-many-aliases"]);
});

test("an alias to what surrounds it is refused", () => {
  expect(inIntent("services: &a\n  shop/x: *a\n").map((f) => f.split(" ")[1])).toEqual(["cycle"]);
});

test("six megabytes are refused unread", () => {
  expect(inIntent(`# ${"x".repeat(6 * 1024 * 1024)}\n`)).toEqual(["4:30 file-too-large"]);
});

test("bytes that are no text are refused", () => {
  expect(inIntent(Buffer.from([0x61, 0x3a, 0x20, 0xff, 0xfe]))).toEqual(["4:30 not-text"]);
});

test.each([
  ["a hundred thousand brackets", "[".repeat(100_000)],
  ["two thousand brackets that close", `${"[".repeat(2000)}${"]".repeat(2000)}`],
  ["five thousand dashes", `${"- ".repeat(5000)}x`],
  ["five thousand question marks", `${"? ".repeat(5000)}x`],
  ["indentation without end", Array.from({ length: 1000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")],
])("%s are refused before the parser's stack ends", (_, content) => {
  expect(inIntent(content)).toEqual(["intent.yaml:1:1 too-deep"]);
});

test("nesting that parses and no intent needs is refused as well", () => {
  expect(inIntent(`services: ${"[".repeat(300)}${"]".repeat(300)}`).map((f) => f.split(" ")[1])).toEqual([
    "too-deep",
  ]);
});

test("long rules, rows of dashes and brackets in text are not taken for nesting", () => {
  const dashes = "-".repeat(3000);
  const brackets = "[x] ".repeat(3000);
  expect(
    inIntent(`# ${dashes}\n# ${brackets}\nmtls: { trustDomain: "${dashes}" }\n`).map((f) => f.split(" ")[1]),
  ).toEqual(["bad-name"]);
});

test("keys that reach into JavaScript are refused in every section", () => {
  expect(inIntent("services: { __proto__: { x: 1 } }\n")).toEqual(["intent.yaml:1:13 forbidden-key"]);
  expect(folder.faults(folder.stack("  meshwright:intent: { constructor: {} }\n"))).toEqual([
    "4:24 forbidden-key",
  ]);
});

test("tags of other languages are not run", () => {
  expect(inIntent('services: !!js/function "function () {}"\n').map((f) => f.split(" ")[1])).toEqual([
    "wrong-type",
  ]);
});

test("a thousand faults in one file are reported, each at its line", () => {
  const services = Array.from(
    { length: 1000 },
    (_, i) => `  shop/s${i}: { serviceAccount: s${i}, ports: [{ port: -1 }] }`,
  );
  const faults = inIntent(`services:\n${services.join("\n")}\n`);
  expect(faults).toHaveLength(1000);
  expect(faults[999]).toBe("intent.yaml:1001:54 bad-port");
});

test("an empty file is an empty intent", () => {
  expect(inIntent("")).toEqual([]);
  expect(inIntent("# nothing yet\n")).toEqual([]);
});

test("a thousand names that are not there are a thousand faults, the first with what may be meant", () => {
  const lines = Array.from({ length: 1000 }, (_, i) => [
    `  shop/service-${i}: { serviceAccount: s${i}, ports: [{ port: 80 }] }`,
    `  - { to: { service: shop/servise-${i} }, action: allow }`,
  ]);
  const services = lines.map(([service]) => service).join("\n");
  const access = lines.map(([, entry]) => entry).join("\n");
  folder.write("intent.yaml", `services:\n${services}\naccess:\n${access}\n`);
  const found = foundIn(folder.stack("  meshwright:intent: { file: intent.yaml }\n"));
  expect(found.filter(({ code }) => code === "unknown-service")).toHaveLength(1000);
  expect(found[0]?.hint).toBe('did you mean "shop/service-0"?');
});

test.each([
  [
    "an expression that backtracks",
    'routes: [{ kind: http, for: { service: a/b }, rules: [{ match: [{ path: { regex: "(a*)*\\\\1" } }] }] }]',
    "bad-regex",
  ],
  [
    "an expression without end",
    `routes: [{ kind: http, for: { service: a/b }, rules: [{ match: [{ path: { regex: "${"(".repeat(300)}" } }] }] }]`,
    "bad-regex",
  ],
  [
    "a host in another alphabet",
    "gateways: { g: { listeners: [{ port: 80, protocol: http, hosts: [bücher.example] }] } }",
    "bad-host",
  ],
  [
    "a host that looks like another",
    "egress: { external: { g: { hosts: [ехample.com], ports: [{ port: 443, protocol: tls }] } } }",
    "bad-host",
  ],
  [
    "a name that is no DNS label",
    "services: { Shop/cart_1: { serviceAccount: x, ports: [{ port: 80 }] } }",
    "bad-name",
  ],
  [
    "a name with a byte of nothing",
    'gateways: { "a\\0b": { listeners: [{ port: 80, protocol: http }] } }',
    "bad-name",
  ],
  [
    "a weight below zero",
    "routes: [{ kind: http, for: { service: a/b }, rules: [{ backends: [{ service: a/b, weight: -1 }] }] }]",
    "out-of-range",
  ],
  [
    "a port that is no number",
    "services: { a/b: { serviceAccount: x, ports: [{ port: .nan }] } }",
    "wrong-type",
  ],
  ["a port beyond all", "services: { a/b: { serviceAccount: x, ports: [{ port: .inf }] } }", "bad-port"],
  [
    "a header that breaks the line",
    'routes: [{ kind: http, for: { service: a/b }, rules: [{ headers: { request: { set: { a: "x\\r\\ny: z" } } } }] }]',
    "bad-header-value",
  ],
  ["a list for a section", "mtls: [strict]", "wrong-type"],
  ["keys that are numbers", "services: { 1: {} }", "bad-name"],
])("%s is refused", (_, content, code) => {
  const codes = inIntent(content).map((fault) => fault.split(" ")[1]);
  expect(codes).toContain(code);
});
