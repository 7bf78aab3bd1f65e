import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { loadConfig } from "../../../config";
import { contentText } from "../../../mesh/intent/order";
import type { NormalizedIntent } from "../../../mesh/intent/types";
import { shop } from "../mesh/intents";
import { Folder } from "./files";

const folder = new Folder();
const { services, gateways, routes = [], access = [] } = shop();
const stack = (key = "folder", path = "intent"): string =>
  folder.stack(`  meshwright:intent: { ${key}: ${path} }\n`);

/** Files below `intent/`, and what is said of them. */
function faultsOf(files: { readonly [name: string]: object | string }, path: string): string[] {
  write(files, path);
  return folder.faults(stack("folder", path));
}

function write(files: { readonly [name: string]: object | string }, path: string): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder.path, path, name, ".."), { recursive: true });
    folder.write(join(path, name), typeof content === "string" ? content : stringify(content));
  }
}

function intentOf(path: string, key = "folder"): NormalizedIntent {
  const config = loadConfig(stack(key, path));
  if (!config.ok) throw new Error(JSON.stringify(config.diagnostics));
  return config.value.intent;
}

test("files of a folder are one intent, whatever they are called and wherever in it they lie", () => {
  write({ "all.yaml": { services, gateways, routes, access } }, "one");
  write(
    {
      "a.yaml": { access, routes: routes.slice(0, 1) },
      "b/c.yml": { services },
      "z.json": { gateways, routes: routes.slice(1) },
    },
    "some",
  );
  write(
    {
      "z.yaml": { access, routes: routes.slice(0, 1) },
      "y.yml": { services },
      "a/a.json": { gateways, routes: routes.slice(1) },
    },
    "others",
  );
  const [one, some, others] = ["one", "some", "others"].map((path) => contentText(intentOf(path)));
  expect(some).toBe(one);
  expect(others).toBe(one);
  expect(contentText(intentOf("one/all.yaml", "file"))).toBe(one);
});

test("what two files say, one of them must not", () => {
  const strict = { mtls: { mode: "strict", overrides: [{ namespace: "a", mode: "permissive" }] } };
  const other = { mtls: { mode: "strict", overrides: [{ namespace: "b", mode: "permissive" }] } };
  expect(faultsOf({ "a.yaml": { ...strict, services }, "b.yaml": { ...other, services } }, "twice")).toEqual([
    "b.yaml:2:9 said-twice",
    "b.yaml:7:3 said-twice",
    "b.yaml:19:3 said-twice",
  ]);
});

test("faults stand in the files that they are in, at places counted from their beginning", () => {
  const route = {
    kind: "http",
    for: { service: "shop/crat" },
    rules: [{ backends: [{ service: "shop/cart" }] }],
  };
  expect(
    faultsOf({ "a.yaml": { services, routes }, "b.yaml": { gateways, access, routes: [route] } }, "faulty"),
  ).toEqual([expect.stringMatching(/^b.yaml:\d+:\d+ unknown-service$/)]);
});

test("what is given up is so in the file that says it", () => {
  const rule = { backends: [{ service: "shop/cart" }], timeout: "1s" };
  const of = (method: string) => ({
    kind: "http",
    for: { service: "shop/cart" },
    rules: [{ ...rule, match: [{ method }] }],
  });
  const degrade = [{ capability: "timeout.request", at: "routes[0]", reason: "none" }];
  write(
    {
      "a.yaml": { services, access, gateways, routes: [of("GET")] },
      "b.yaml": { routes: [of("PUT")], degrade },
    },
    "loss",
  );
  const [loss] = intentOf("loss").degrade;
  expect(loss?.where.slice(-3)).toEqual(["b.yaml", "routes", 0]);
});

test("documents of one file are parts as files are", () => {
  folder.write("several.yaml", `${stringify({ services, gateways })}---\n${stringify({ routes, access })}`);
  expect(contentText(intentOf("several.yaml", "file"))).toBe(contentText(intentOf("one")));
});

test("a folder that is not there, or has nothing in it, is said to be so", () => {
  mkdirSync(join(folder.path, "empty"));
  expect(folder.faults(stack("folder", "empty"))).toEqual(["4:32 empty-folder"]);
  expect(folder.faults(stack("folder", "absent"))).toEqual(["4:32 no-such-folder"]);
  expect(folder.faults(folder.stack("  meshwright:intent: { folder: a, file: b }\n"))).toEqual([
    "4:3 wrong-type",
  ]);
});

test("what cannot be read in one file is said beside the faults of the others", () => {
  expect(
    faultsOf({ "a.yaml": "a: [\n", "b.yaml": "a: 1\na: 2\n" }, "broken")
      .map((f) => f.split(" ")[1])
      .sort(),
  ).toEqual(expect.arrayContaining(["duplicate-key", "yaml"]));
});
