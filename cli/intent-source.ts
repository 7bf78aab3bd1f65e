import { parseYaml } from "../config/document";
import { Sources } from "../config/sources";
import type { Diagnostic, Result } from "../lib";
import { parseParts } from "../mesh/intent";
import type { NormalizedIntent } from "../mesh/intent/types";
import { configureMesh, meshes } from "../mesh/registry";
import type { ConfiguredMesh, Target } from "../mesh/types";
import { loadConfig } from "../config";
import { UserError } from "./exit";
import { Faults } from "./faults";
import { openProject, stackFile } from "./project";
import { asKnown } from "./spelling";
import { ableTarget } from "../mesh/who-can";
import { readDocuments } from "./yaml-files";

/** Where a command's intent comes from: a file or folder of its own, or a stack's config. */
export interface IntentOptions {
  /** A file, or a folder of files that are one intent together. */
  readonly file?: string;
  readonly stack: string;
}

/** An intent, and the mesh and cluster of its stack, if it has them. */
export interface GivenIntent {
  readonly intent: NormalizedIntent;
  readonly warnings: readonly Diagnostic[];
  readonly mesh?: ConfiguredMesh;
  /** The stack's cluster, or one that has everything. */
  readonly target: Target;
  /** Adds file, line and column to diagnostics of the intent. */
  locate(diagnostics: readonly Diagnostic[]): readonly Diagnostic[];
}

/** Reads an intent; throws `Faults` with everything that is wrong with it. */
export function readIntent(options: IntentOptions, root: string): GivenIntent {
  return options.file === undefined ? fromStack(options.stack, root) : fromFiles(options.file);
}

function fromFiles(path: string): GivenIntent {
  const sources = new Sources();
  const documents = readDocuments([path]);
  const parts = documents.map((document, i) => {
    // One document alone is the intent, and paths are as its writer knows them.
    const at = documents.length === 1 ? [] : [i];
    sources.mount(at, document);
    return { raw: document.value, at };
  });
  const locate = (all: readonly Diagnostic[]): readonly Diagnostic[] => all.map((d) => sources.locate(d));
  const parsed = parseParts(parts);
  if (!parsed.ok) throw new Faults(locate(parsed.diagnostics));
  return { intent: parsed.value, warnings: locate(parsed.warnings), target: ableTarget, locate };
}

function fromStack(stack: string, root: string): GivenIntent {
  const loaded = loadConfig(stackFile(openProject(root), stack));
  if (!loaded.ok) throw new Faults(loaded.diagnostics);
  const { intent, mesh, clusters } = loaded.value;
  const locate = (all: readonly Diagnostic[]): readonly Diagnostic[] => loaded.value.locate(all);
  const [cluster] = Object.values(clusters);
  const target = cluster === undefined ? ableTarget : { cluster: cluster.features };
  return { intent, warnings: loaded.warnings, mesh, target, locate };
}

/** The mesh that a command names by its kind, with its default options; else the stack's. */
export function chosenMesh(kind: string | undefined, given: GivenIntent): ConfiguredMesh {
  if (kind === undefined && given.mesh !== undefined) return given.mesh;
  if (kind === undefined) throw new UserError("no mesh is named", "name one: --mesh istio");
  return meshOf(kind, given.mesh);
}

/**
 * A mesh by its kind, with its default options or those of the stack where that has the same; or by a section as a
 * stack's config has it: `{ kind: consul, platform: agents }`.
 */
export function meshOf(written: string, own?: ConfiguredMesh): ConfiguredMesh {
  const kind = asKnown(written.trim(), Object.keys(meshes));
  if (own?.kind === kind) return own;
  const configured = configureMesh(kind.startsWith("{") ? sectionOf(kind) : { kind });
  if (configured.ok) return configured.value;
  const [first, ...others] = configured.diagnostics;
  if (others.length > 0) throw new Faults(configured.diagnostics);
  const hint = "give its options as well: --mesh '{ kind: …, … }'";
  throw new UserError(first?.message ?? `unknown mesh ${kind}`, first?.hint ?? hint);
}

function sectionOf(text: string): unknown {
  const read = parseYaml(text, "--mesh");
  if (!read.ok) throw new Faults(read.diagnostics);
  return read.documents[0]?.value;
}

/** The value of a result, or its faults with their lines. */
export function settled<T>(result: Result<T>, given: GivenIntent): T {
  if (result.ok) return result.value;
  throw new Faults(given.locate(result.diagnostics));
}
