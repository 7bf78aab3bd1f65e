import { stringify } from "yaml";
import { canonical, type Json } from "../../lib";
import { inOrder } from "./order";
import type { MeshPlan, Step } from "./types";

/** The plan as one YAML document: equal plans print to equal bytes. Refs are printed by name, never by value. */
export function printPlan(plan: MeshPlan): string {
  return yaml(JSON.parse(JSON.stringify(plan)) as Json);
}

/** The objects of a plan as a stream of manifests in the order of its steps, each step under a comment. */
export function printObjects(plan: MeshPlan): string {
  return inOrder(plan.steps).ordered.map(printStep).join("");
}

function printStep({ id, dependsOn, do: action }: Step): string {
  const after = dependsOn.length === 0 ? "" : `, after ${dependsOn.join(", ")}`;
  const head = `# step ${id}${after}\n`;
  switch (action.kind) {
    case "objects":
      return action.objects.map((object, i) => `---\n${i === 0 ? head : ""}${yaml(object as Json)}`).join("");
    case "chart": {
      const { chart, version, release, namespace } = action.chart;
      return `---\n${head}# chart ${chart} ${version} as release ${release} in namespace ${namespace}\n`;
    }
    case "cloudResources":
      return `---\n${head}${action.resources.map((r) => `# ${r.type} ${r.name}\n`).join("")}`;
  }
}

function yaml(value: Json): string {
  return stringify(canonical(value), { lineWidth: 0, aliasDuplicateObjects: false });
}
