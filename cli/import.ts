import { Document, isAlias, isCollection, visit } from "yaml";
import { Sources } from "../config/sources";
import { formatDiagnostics, formatPath, found, isJsonObject, type Diagnostic, type JsonObject } from "../lib";
import { catalogue } from "../mesh/capability/catalogue";
import { compile } from "../mesh/compile";
import { decompile, sources as languages, type Manifest, type SourceKind } from "../mesh/decompile";
import { parseIntent, type Intent } from "../mesh/intent";
import type { NormalizedIntent } from "../mesh/intent/types";
import type { ConfiguredMesh } from "../mesh/types";
import { printObjects } from "../mesh/plan/print";
import { didYouMean } from "../lib";
import { exitCode, UserError, type ExitCode } from "./exit";
import { meshOf } from "./intent-source";
import type { Output } from "./output";
import { asKnown } from "./spelling";
import { ableTarget } from "../mesh/who-can";
import { readDocuments } from "./yaml-files";

export interface ImportOptions {
  readonly from: string;
  /** The mesh that the intent is compiled to at once. */
  readonly to?: string;
}

export interface Imported {
  readonly intent: Intent;
  /** What the intent does not say, with the file, line and column of the manifest that does. */
  readonly losses: readonly Diagnostic[];
  /** What keeps the intent from being used as it is. */
  readonly faults: readonly Diagnostic[];
  /** What the mesh of `--to` lacks and the intent gives up under `degrade`. */
  readonly givenUp: readonly Diagnostic[];
  /** Manifests for the mesh of `--to`, if it can do all that the intent asks. */
  readonly manifests?: string;
}

/** Reads manifests of a mesh as an intent, and says what of them it does not hold. */
export function importIntent(options: ImportOptions, paths: readonly string[]): Imported {
  const language = languageOf(options.from);
  const sources = new Sources();
  const manifests = readDocuments(paths).flatMap((document, i) => {
    sources.mount([i], document);
    return objectsOf(document.value, [i]);
  });
  const { intent, losses } = decompile(language, manifests);
  const parsed = parseIntent(intent);
  const base = { intent, losses: losses.map((loss) => sources.locate(loss)), givenUp: [] };
  if (!parsed.ok || options.to === undefined)
    return { ...base, faults: found(parsed).filter((d) => d.severity === "error") };
  return { ...base, ...compiled(parsed.value, meshOf(options.to), intent) };
}

/** What the intent becomes for another mesh, less what that lacks, which is given up under `degrade` and told. */
function compiled(
  parsed: NormalizedIntent,
  mesh: ConfiguredMesh,
  written: Intent,
): Pick<Imported, "intent" | "faults" | "manifests" | "givenUp"> {
  const given = givenUp(parsed, mesh);
  const intent = given.length === 0 ? written : { ...written, degrade: given };
  const less = parseIntent(intent);
  if (!less.ok) return { intent, givenUp: [], faults: less.diagnostics };
  const plan = compile(less.value, mesh, ableTarget);
  const told = found(plan).filter(({ code }) => code === "degraded");
  if (!plan.ok)
    return { intent, givenUp: told, faults: plan.diagnostics.filter((d) => d.severity === "error") };
  return { intent, givenUp: told, faults: [], manifests: printObjects(plan.value) };
}

/** An entry of `degrade` for everything that the mesh lacks and that can be done without. */
function givenUp(intent: NormalizedIntent, mesh: ConfiguredMesh): NonNullable<Intent["degrade"]>[number][] {
  const table = mesh.capabilities(ableTarget);
  return catalogue.flatMap(({ id, security, uses }) => {
    const support = table[id];
    if (support.kind !== "none" || security) return [];
    const left = uses(intent).filter(({ without }) => without !== undefined);
    return left.map(({ at }) => ({ capability: id, at: formatPath(at), reason: support.reason }));
  });
}

function languageOf(written: string): SourceKind {
  const known = Object.keys(languages);
  const name = asKnown(written, known);
  if (Object.hasOwn(languages, name)) return name as SourceKind;
  throw new UserError(`cannot import from ${JSON.stringify(written)}`, didYouMean(written, known));
}

/** A document holds one object, or a `List` of them. */
function objectsOf(value: unknown, at: readonly number[]): Manifest[] {
  const items = isJsonObject(value) && value["kind"] === "List" ? value["items"] : undefined;
  if (!Array.isArray(items)) return [{ object: value, at }];
  return items.map((object: unknown, i) => ({ object, at: [...at, "items", i] }));
}

/** Prints the intent, or the manifests made of it; the losses go where progress goes. */
export function report(imported: Imported, output: Output): ExitCode {
  const { intent, losses, givenUp: lacking, faults, manifests } = imported;
  if (!output.json && losses.length > 0) {
    output.progress(formatDiagnostics(losses));
    output.progress(`${losses.length} things of the manifests are not in the intent as they were`);
  }
  if (!output.json && lacking.length > 0) {
    output.progress(`The other mesh does without:\n${formatDiagnostics(lacking)}`);
  }
  if (!output.json && faults.length > 0) {
    output.progress(`The intent needs these mended:\n${formatDiagnostics(faults)}`);
  }
  output.result(() => (manifests ?? printIntent(intent)).trimEnd(), imported);
  const opened = losses.some((loss) => loss.severity === "error");
  return opened || faults.length > 0 ? exitCode.failed : exitCode.ok;
}

const WIDTH = 100;

/** The intent as people write it: what fits on a line is on one line. */
export function printIntent(intent: Intent): string {
  const document = new Document(JSON.parse(JSON.stringify(intent)));
  block(document);
  return document.toString({ lineWidth: WIDTH + 20, flowCollectionPadding: true });
}

/** Collections below the sections are written on one line where they are short. */
function block(document: Document): void {
  visit(document, {
    Node(key, node, path) {
      if (isAlias(node) || !isCollection(node)) return undefined;
      const depth = path.filter((step) => isCollection(step)).length;
      node.flow = depth >= 1 && short(node.toJSON() as JsonObject, depth);
      return node.flow ? visit.SKIP : undefined;
    },
  });
}

function short(value: JsonObject, depth: number): boolean {
  return JSON.stringify(value).length + depth * 2 < WIDTH;
}
