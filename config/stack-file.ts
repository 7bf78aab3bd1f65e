import { dirname, resolve } from "node:path";
import { didYouMean, errorAt, isJsonObject, type Diagnostic, type FieldPath } from "../lib";
import { dangerousKeys } from "../mesh/schema";
import { readYaml } from "./document";
import { Sources } from "./sources";

const PROJECT = "meshwright";
export const SECTIONS = ["cluster", "clusters", "mesh", "intent", "workloads"] as const;
export type SectionName = (typeof SECTIONS)[number];

/** The parts of a stack's file that are ours, not yet checked. */
export interface StackFile {
  readonly file: string;
  readonly folder: string;
  readonly sources: Sources;
  /** What is wrong with the file as a whole. Sections are empty where it could not be read. */
  readonly faults: readonly Diagnostic[];
  readonly sections: { readonly [name in SectionName]?: unknown };
}

/** Path of a section from the root of the stack's file. */
export function sectionPath(name: SectionName): FieldPath {
  return ["config", `${PROJECT}:${name}`];
}

/** Reads a stack's file. Keys of other projects and providers are left alone. */
export function readStackFile(file: string): StackFile {
  const sources = new Sources();
  const base = { file, folder: dirname(resolve(file)), sources };
  const read = readYaml(file);
  if (!read.ok) return { ...base, faults: read.diagnostics, sections: {} };
  const [document, second] = read.documents;
  if (document === undefined) return { ...base, faults: [], sections: {} };
  sources.mount([], document);
  const several =
    second === undefined ? [] : [wrong([], "a stack's file is one YAML document, this one has several")];
  const { value } = document;
  if (value !== null && !isJsonObject(value)) {
    return { ...base, faults: [wrong([], "a stack's file is a section of keys"), ...several], sections: {} };
  }
  const dangerous = dangerousKeys(value, []);
  if (dangerous.length > 0) return { ...base, faults: [...dangerous, ...several], sections: {} };
  const config = value?.["config"] ?? {};
  if (!isJsonObject(config))
    return { ...base, faults: [wrong(["config"], "config is a section of keys")], sections: {} };
  const sections = Object.fromEntries(SECTIONS.map((name) => [name, config[`${PROJECT}:${name}`]]));
  return {
    ...base,
    sections,
    faults: [...several, ...strangeKeys(Object.keys(config)), ...secureValues(sections)],
  };
}

function strangeKeys(keys: readonly string[]): Diagnostic[] {
  const known = SECTIONS.map((name) => `${PROJECT}:${name}`);
  return keys.flatMap((key) => {
    const ours = key.startsWith(`${PROJECT}:`) || SECTIONS.some((name) => name === key);
    if (!ours || known.includes(key)) return [];
    const hint = SECTIONS.some((name) => name === key) ? `write ${PROJECT}:${key}` : didYouMean(key, known);
    return [
      errorAt(["config", key], { code: "unknown-key", message: `unknown key ${JSON.stringify(key)}`, hint }),
    ];
  });
}

/** Values that the engine keeps encrypted. Our keys need none: secrets stay in the cluster and are named. */
function secureValues(sections: { readonly [name: string]: unknown }): Diagnostic[] {
  return SECTIONS.flatMap((name) => findSecure(sections[name], sectionPath(name))).map((path) =>
    errorAt(path, {
      code: "secure-value",
      message: "encrypted values are not read here",
      hint: "name a Kubernetes Secret instead, or hand the value to the component as an entry of `values`",
    }),
  );
}

function findSecure(value: unknown, at: FieldPath): FieldPath[] {
  if (Array.isArray(value)) return value.flatMap((each, i) => findSecure(each, [...at, i]));
  if (!isJsonObject(value)) return [];
  const keys = Object.keys(value);
  if (keys.length === 1 && typeof value["secure"] === "string") return [at];
  return keys.flatMap((key) => findSecure(value[key], [...at, key]));
}

function wrong(path: FieldPath, message: string): Diagnostic {
  return errorAt(path, { code: "wrong-type", message });
}
