import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { capabilities, matrixOf } from "../../../cli/capabilities";
import { chosenForms } from "../../../cli/forms";
import { catalogue } from "../../../mesh/capability/catalogue";
import { Kept } from "./output";

const file = join(__dirname, "../../../docs/capabilities.md");

function printed(options: Parameters<typeof capabilities>[0]): string {
  const output = new Kept();
  capabilities(options, output);
  return output.text;
}

test("docs/capabilities.md is what the adapters say (UPDATE_GOLDENS=1 writes it)", () => {
  const current = `${printed({ markdown: true })}\n`;
  if (process.env["UPDATE_GOLDENS"] === "1") writeFileSync(file, current);
  expect(readFileSync(file, "utf8")).toBe(current);
});

test("the matrix of all meshes fits a terminal, and has a line for every capability", () => {
  const lines = printed({}).split("\n");
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  const named = catalogue.filter(({ id }) => lines.some((line) => line.startsWith(`${id} `)));
  expect(named).toHaveLength(catalogue.length);
});

test("of chosen meshes it says why something is missing, and where that is written", () => {
  const text = printed({ mesh: "consul:agents,linkerd" });
  expect(text).toContain("Consul (agents) lacks");
  expect(text).toMatch(/ {2}mirror: Linkerd refuses .* \(https:\/\/\S+\)/);
  expect(text).not.toContain("Istio (sidecar)");
});

test("a mesh is known whatever its dashes and capitals; another one is asked back", () => {
  expect(printed({ mesh: "AppMesh:EKS" })).toContain("AWS App Mesh (EKS)");
  expect(() => printed({ mesh: "istoi" })).toThrow('there is no mesh "istoi"');
});

test("machines get every form of every mesh with every capability, each with its source", () => {
  const { forms } = matrixOf(chosenForms(undefined));
  const cells = forms.flatMap(({ title, support }) =>
    Object.entries(support).map(([id, { source }]) => ({ cell: `${title} ${id}`, source })),
  );
  expect(cells).toHaveLength(forms.length * catalogue.length);
  expect(cells.filter(({ source }) => !/^https:\/\/[^/]+\/./.test(source))).toEqual([]);
});
