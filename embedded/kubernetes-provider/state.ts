import type { KubeObject } from "../../kube";
import { isMap, markLike, Secret, type Plain, type PlainMap, type Value, type ValueMap } from "../plugin";
import { isSecret } from "./kinds";
import { newFieldManager } from "./names";

/** What the state remembers beside the object itself; the official plugin's names. */
export interface Memory {
  readonly fieldManager: string;
  readonly initialApiVersion: string;
}

/** The memory of a resource, made up where there is none. */
export function memoryOf(properties: ValueMap, apiVersion: string): Memory {
  const { __fieldManager: fieldManager, __initialApiVersion: initialApiVersion } = properties;
  return {
    fieldManager: typeof fieldManager === "string" ? fieldManager : newFieldManager(),
    initialApiVersion: typeof initialApiVersion === "string" ? initialApiVersion : apiVersion,
  };
}

/** The resource's outputs: the live object, its inputs and memory; secret wherever the inputs are. */
export function stateOf(live: KubeObject, inputs: ValueMap, memory: Memory): ValueMap {
  const outputs = markLike(live as unknown as PlainMap, [inputs]);
  return {
    ...(isSecret(live) ? sealed(outputs) : outputs),
    __inputs: inputs,
    __initialApiVersion: memory.initialApiVersion,
    __fieldManager: memory.fieldManager,
  };
}

/** `data` and `stringData` of a Secret, secret as a whole. */
export function sealed(properties: ValueMap): ValueMap {
  const keys = ["data", "stringData"].filter((key) => properties[key] !== undefined);
  const seal = (value: Value | undefined) => (value instanceof Secret ? value : new Secret(value ?? null));
  return { ...properties, ...Object.fromEntries(keys.map((key) => [key, seal(properties[key])])) };
}

/** The live object cut down to the fields that `inputs` speaks of: what drift is measured by. */
export function restricted(live: PlainMap, inputs: PlainMap): PlainMap {
  const kept: { [key: string]: Plain } = {};
  for (const [key, wanted] of Object.entries(inputs)) {
    const found = live[key];
    if (found !== undefined) kept[key] = restrictedValue(found, wanted);
  }
  return kept;
}

function restrictedValue(live: Plain, wanted: Plain): Plain {
  if (Array.isArray(live) && Array.isArray(wanted)) {
    const [items, examples] = [live as readonly Plain[], wanted as readonly Plain[]];
    return items.map((item, i) => {
      const example = examples[i];
      return example === undefined ? item : restrictedValue(item, example);
    });
  }
  return isMap(live) && isMap(wanted) ? restricted(live, wanted) : live;
}
