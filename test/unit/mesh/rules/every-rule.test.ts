import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../../../mesh/rules";
import { complaints, shop } from "../intents";

const folder = join(__dirname, "../../../../mesh/rules");

test.each(rules.map((rule) => [rule.code, rule] as const))(
  "%s has a file, a test, and a title that is a sentence",
  (code, rule) => {
    expect(existsSync(join(folder, `${code}.ts`))).toBe(true);
    expect(existsSync(join(__dirname, `${code}.test.ts`))).toBe(true);
    expect(rule.title).toMatch(/^[A-Z].*\.$/);
  },
);

test("every file with a rule is in the list, and no code is there twice", () => {
  const files = readdirSync(folder)
    .map((f) => f.replace(".ts", ""))
    .filter((f) => f !== "index" && f !== "types");
  expect(rules.map((r) => r.code).sort()).toEqual(files.sort());
});

test("no rule objects to the shop that all rules' tests start from", () => {
  expect(complaints(shop())).toEqual([]);
});
