import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configSchema } from "../../../config";

const file = join(__dirname, "../../../docs/config.schema.json");

test("docs/config.schema.json is what the schemas say (UPDATE_GOLDENS=1 writes it)", () => {
  const current = `${JSON.stringify(configSchema(), null, 2)}
`;
  if (process.env["UPDATE_GOLDENS"] === "1") writeFileSync(file, current);
  expect(readFileSync(file, "utf8")).toBe(current);
});

test("the schema knows the keys of the intent and of Istio's options, and where words are enumerated", () => {
  const text = JSON.stringify(configSchema());
  for (const part of [
    '"trustDomain"',
    '"revisionTags"',
    '"enum":["strict","permissive"]',
    '"const":"istio"',
    '"enum":["local","kubeconfig"',
  ]) {
    expect(text).toContain(part);
  }
});
