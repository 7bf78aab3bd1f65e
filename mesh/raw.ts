import { didYouMean, errorAt, type Diagnostic } from "../lib";
import type { NormalizedIntent } from "./intent/types";
import { checkObjects, type CrdSchemas } from "./plan/check-objects";
import { identityOf, nameObject } from "./plan/identity";
import { isKubeObject, managed } from "./plan/objects";
import type { PlacedObject } from "./plan/check-objects";
import type { MeshPlan, Step } from "./plan/types";
import { meshes } from "./registry";

/** The step that holds what the user wrote for one mesh in its own words. */
export const RAW = "raw";

/** The raw objects of an intent that are for a mesh, marked as ours, each with its place. */
export function rawObjects(intent: NormalizedIntent, mesh: string): PlacedObject[] {
  return intent.raw.flatMap(({ mesh: wanted, object, at }) =>
    wanted === mesh && isKubeObject(object) ? [{ object: managed(object), at }] : [],
  );
}

/**
 * What the API server would say against the raw objects for a mesh, by the CRDs of its rendered charts or of a cluster
 * (`schemasOf`). Rules that those state in CEL are left to the server; so is, with a warning, what has no CRD there.
 */
export function checkRaw(intent: NormalizedIntent, mesh: string, schemas: CrdSchemas): Diagnostic[] {
  const groups = new Set([...schemas.keys()].map(groupOf));
  return rawObjects(intent, mesh).flatMap((placed) => {
    const faults = checkObjects([placed], schemas);
    if (groups.has(groupOf(placed.object.apiVersion))) return faults;
    // Of a group that nobody here brings along, the cluster may well have the CRD.
    return faults.map((fault): Diagnostic => ({ ...fault, severity: "warning" }));
  });
}

function groupOf(path: string): string {
  return path.slice(0, path.indexOf("/"));
}

/** What is wrong with the raw objects whatever their schemas: a mesh that there is not, or an object made already. */
export function rawFaults(intent: NormalizedIntent, plan: MeshPlan): Diagnostic[] {
  const own = rawObjects(intent, plan.mesh.kind);
  return [...unknownMeshes(intent), ...(own.length === 0 ? [] : clashes(own, plan))];
}

function unknownMeshes({ raw }: NormalizedIntent): Diagnostic[] {
  return raw
    .filter(({ mesh }) => !Object.hasOwn(meshes, mesh))
    .map(({ mesh, at }) =>
      errorAt(at.slice(0, -1), {
        code: "unknown-mesh",
        message: `unknown mesh ${JSON.stringify(mesh)}`,
        hint: didYouMean(mesh, Object.keys(meshes)),
      }),
    );
}

function clashes(own: readonly PlacedObject[], { steps }: MeshPlan): Diagnostic[] {
  const made = new Map(
    steps.flatMap(({ id, do: action }) =>
      action.kind === "objects"
        ? action.objects.map((object): [string, string] => [identityOf(object), `step ${id} of the plan`])
        : [],
    ),
  );
  return own.flatMap(({ object, at }) => {
    const identity = identityOf(object);
    const maker = made.get(identity);
    made.set(identity, "another raw object");
    if (maker === undefined) return [];
    const message = `${nameObject(object)} is made by ${maker} already`;
    return [errorAt(at, { code: "raw-clash", message, hint: "give it another name, or take it out" })];
  });
}

/** The plan with the raw objects of its mesh after everything else. */
export function withRaw(plan: MeshPlan, intent: NormalizedIntent): MeshPlan {
  const own = rawObjects(intent, plan.mesh.kind);
  if (own.length === 0) return plan;
  const needed = new Set(plan.steps.flatMap((step) => step.dependsOn));
  const step: Step = {
    id: RAW,
    dependsOn: plan.steps.map(({ id }) => id).filter((id) => !needed.has(id)),
    readiness: "applied",
    do: { kind: "objects", objects: own.map(({ object }) => object) },
  };
  return { ...plan, steps: [...plan.steps, step] };
}
