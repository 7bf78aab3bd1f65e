import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { program } from "../../../cli/main";
import { referenceOf } from "../../../cli/reference";

const file = join(__dirname, "../../../docs/cli.md");

test("docs/cli.md has every command as it is (UPDATE_GOLDENS=1 writes it)", () => {
  const current = referenceOf(program());
  if (process.env["UPDATE_GOLDENS"] === "1") writeFileSync(file, current);
  expect(readFileSync(file, "utf8")).toBe(current);
});

test("every command of the mesh API is among them", () => {
  const text = referenceOf(program());
  for (const name of ["validate", "plan", "explain", "capabilities", "compare", "import"]) {
    expect(text).toContain(`## ${name}\n`);
  }
});
