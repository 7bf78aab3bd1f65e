import type { KubeObject, Step } from "../../mesh/plan/types";

/**
 * The steps each step must wait for by itself: what another dependency waits for already is left out, since each pair of
 * objects in two such steps is one edge in the engine's state.
 * Steps come out in an order in which each follows all that it depends on.
 */
export function directDependencies(steps: readonly Step[]): ReadonlyMap<Step, readonly Step[]> {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const reach = new Map<Step, ReadonlySet<Step>>();
  const direct = new Map<Step, readonly Step[]>();

  function visit(step: Step, path: readonly Step[]): ReadonlySet<Step> {
    const known = reach.get(step);
    if (known !== undefined) return known;
    if (path.includes(step))
      throw new Error(`steps wait for each other: ${[...path, step].map((s) => s.id).join(" → ")}`);
    const wanted = step.dependsOn.map((id) => {
      const found = byId.get(id);
      if (found === undefined) throw new Error(`step ${step.id} depends on ${id}, which is not in the plan`);
      return found;
    });
    const behind = wanted.map((before) => visit(before, [...path, step]));
    const all = new Set([...wanted, ...behind.flatMap((set) => [...set])]);
    reach.set(step, all);
    direct.set(
      step,
      wanted.filter((candidate) => !behind.some((set) => set.has(candidate))),
    );
    return all;
  }

  for (const step of steps) visit(step, []);
  return direct;
}

/** Namespaces and CRDs first, so that what lives in them or is of their kind can follow them within one step. */
export function foundationsFirst(objects: readonly KubeObject[]): readonly KubeObject[] {
  return [...objects.filter(isFoundation), ...objects.filter((object) => !isFoundation(object))];
}

/** What others of the same step that are of this kind, or in this namespace, must wait for; undefined if nothing does. */
export function foundationKey(object: KubeObject): string | undefined {
  if (isNamespace(object)) return `namespace ${object.metadata.name}`;
  if (!isCrd(object)) return undefined;
  const spec = object["spec"] as { group?: string; names?: { kind?: string } } | undefined;
  return `kind ${spec?.group}/${spec?.names?.kind}`;
}

/** The foundations that an object stands on, by the keys of `foundationKey`. */
export function standsOn(object: KubeObject): readonly string[] {
  const [group] = object.apiVersion.split("/");
  const kind = `kind ${group}/${object.kind}`;
  return object.metadata.namespace === undefined ? [kind] : [kind, `namespace ${object.metadata.namespace}`];
}

export function isCrd(object: KubeObject): boolean {
  return object.kind === "CustomResourceDefinition" && object.apiVersion.startsWith("apiextensions.k8s.io/");
}

function isNamespace(object: KubeObject): boolean {
  return object.kind === "Namespace" && object.apiVersion === "v1";
}

function isFoundation(object: KubeObject): boolean {
  return isNamespace(object) || isCrd(object);
}
