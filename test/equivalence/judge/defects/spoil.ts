import { isJsonObject, type Json, type JsonObject } from "../../../../lib";
import type { CapabilityId } from "../../../../mesh/capability/ids";
import type { KubeObject, MeshPlan } from "../../../../mesh/plan/types";

/** A fault that an adapter could have: one place of one kind of object is not as it should be. */
export interface Defect {
  readonly name: string;
  /** What an intent has to ask for to have such a place. */
  readonly asks: readonly CapabilityId[];
  readonly kind: string;
  /** Field names; `*` is any item of a list or any key. */
  readonly path: readonly string[];
  /** What stands there instead; `undefined` takes it away. Answers the same where there is nothing to spoil. */
  readonly change: (value: Json) => Json | undefined;
}

const gone = (): undefined => undefined;

type Asked = CapabilityId | readonly CapabilityId[];

export const lost = (name: string, asks: Asked, [kind = "", ...path]: readonly string[]): Defect => ({
  ...{ name: `lost: ${name}`, asks: [asks].flat(), kind, path },
  change: gone,
});

export const wrong = (
  name: string,
  asks: Asked,
  { at: [kind = "", ...path], change }: { at: readonly string[]; change: Defect["change"] },
): Defect => ({ name: `wrong: ${name}`, asks: [asks].flat(), kind, path, change });

export const text = (change: (value: string) => string) => (value: Json) =>
  typeof value === "string" ? change(value) : value;
export const number = (change: (value: number) => number) => (value: Json) =>
  typeof value === "number" ? change(value) : value;

/** Every way in which a plan can have the defect, one place each. */
export function spoilt(plan: MeshPlan, { kind, path, change }: Defect): MeshPlan[] {
  return plan.steps.flatMap((step, s) => {
    const action = step.do;
    if (action.kind !== "objects") return [];
    return action.objects.flatMap((object, o) => {
      if (object.kind !== kind) return [];
      return spoiltObjects(object, path, change).map((changed): MeshPlan => {
        const objects = action.objects.flatMap((each, i) => (i === o ? changed : [each]));
        const steps = plan.steps.map((each, i) => (i === s ? { ...step, do: { ...action, objects } } : each));
        return { ...plan, steps };
      });
    });
  });
}

/** None where the whole object is gone. */
function spoiltObjects(
  object: KubeObject,
  path: readonly string[],
  change: Defect["change"],
): KubeObject[][] {
  if (path.length === 0) return [[]];
  const spec = object["spec"];
  if (!isJsonObject(spec)) return [];
  return variants(spec, path, change).map((changed) => [{ ...object, spec: (changed ?? {}) as JsonObject }]);
}

function variants(
  value: Json,
  [key, ...rest]: readonly string[],
  change: Defect["change"],
): (Json | undefined)[] {
  if (key === undefined) {
    const changed = change(value);
    return JSON.stringify(changed) === JSON.stringify(value) ? [] : [changed];
  }
  if (Array.isArray(value)) {
    const items: readonly Json[] = value;
    return items.flatMap((item, i) =>
      variants(item, rest, change).flatMap((changed) => {
        const left = items.flatMap((each, j) =>
          i === j ? (changed === undefined ? [] : [changed]) : [each],
        );
        return key === "*" ? [left] : [];
      }),
    );
  }
  if (!isJsonObject(value)) return [];
  return Object.keys(value)
    .filter((name) => key === "*" || key === name)
    .flatMap((name) =>
      variants(value[name] ?? null, rest, change).map((changed) => {
        const { [name]: taken, ...others } = value;
        void taken;
        return changed === undefined ? others : { ...value, [name]: changed };
      }),
    );
}
