import { didYouMean } from "../lib";
import type { Lifecycle, MeshAdapter } from "../mesh/types";
import { meshes } from "../mesh/registry";
import { formTables, type FormTable } from "../mesh/who-can";
import { UserError } from "./exit";
import { asKnown } from "./spelling";

/** A form of a mesh with its table, and where the mesh stands in its life. */
export interface Form extends FormTable {
  readonly lifecycle: Lifecycle;
}

/**
 * The forms that a list of words names: all forms of a kind (`istio`), or the one of that title (`istio:ambient`).
 * Without a list: all forms of all meshes.
 */
export function chosenForms(words: string | undefined): readonly Form[] {
  const all = formTables().map((form): Form => ({ ...form, lifecycle: adapterOf(form.kind).lifecycle }));
  if (words === undefined) return all;
  return listed(words).flatMap((word) => formsOf(word, all));
}

/** One form for each word: a kind's first one, where the word names no title. */
export function eachForm(words: string): readonly Form[] {
  const all = chosenForms(undefined);
  return listed(words).flatMap((word) => formsOf(word, all).slice(0, 1));
}

/** Titles of forms may have a comma with a blank behind it. */
function listed(words: string): string[] {
  return words.split(/,(?! )/).map((word) => word.trim());
}

function formsOf(word: string, all: readonly Form[]): readonly Form[] {
  const [written = "", title] = word.split(/:(.*)/, 2);
  const kind = asKnown(written, Object.keys(meshes));
  const own = all.filter((form) => form.kind === kind);
  if (own.length === 0) {
    throw new UserError(`there is no mesh ${JSON.stringify(kind)}`, didYouMean(kind, Object.keys(meshes)));
  }
  if (title === undefined) return own;
  const named = own.filter((form) => formName(form) === title);
  if (named.length > 0) return named;
  throw new UserError(`${kind} has no form ${JSON.stringify(title)}`, didYouMean(title, own.map(formName)));
}

/** What a form is called among those of its mesh. */
function formName({ title }: Form): string {
  return /\((.*)\)$/.exec(title)?.[1] ?? title;
}

function adapterOf(kind: string): MeshAdapter {
  const all: { readonly [kind: string]: MeshAdapter } = meshes;
  const adapter = all[kind];
  if (adapter === undefined) throw new Error(`no adapter ${kind}`);
  return adapter;
}
