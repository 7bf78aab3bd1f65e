import { formatPath } from "../../lib";
import type { Match, PathChange, PathMatch } from "../intent/types";
import { contentKey } from "./content";
import type { Field } from "./field";
import type { Action, Entry } from "./first-match";
import { trimPrefix } from "./values";

/** A path of a mesh whose prefixes are of characters. */
export interface CharPath {
  readonly kind: PathMatch["kind"];
  readonly value: string;
  readonly field: Field;
}

/** One match of such a mesh. `where`: what two of them must share, beside all else, to be parts of one. */
export interface CharEntry {
  readonly path: CharPath;
  readonly match: Omit<Match, "path">;
  readonly action: Action;
  readonly where: string;
}

/**
 * The same in an intent's words, whose prefixes are of path elements. `/foo` itself together with everything below
 * `/foo/` is such a prefix; any other one comes near, which is told unless `calls` are matched: those have a method
 * behind every service.
 */
export function fromCharPrefixes<E extends CharEntry>(entries: readonly E[], calls: boolean): (E & Entry)[] {
  const used = new Set<E>();
  const twins = new Map<E, E>();
  entries.forEach((entry, i) => {
    if (!isBelow(entry)) return;
    const twin = entries.find(
      (other, j) => !used.has(other) && isTwin(other, entry) && isNear(other, entry, i - j),
    );
    if (twin === undefined) return;
    used.add(twin);
    twins.set(entry, twin);
  });
  return entries
    .filter((entry) => !used.has(entry))
    .map((entry) => {
      const { path, match, action } = entry;
      if (!isBelow(entry))
        return { ...entry, action, match: { ...match, path: { kind: path.kind, value: path.value } } };
      if (!twins.has(entry) && !calls) tell(path);
      return {
        ...entry,
        action: trimmed(action),
        match: { ...match, path: { kind: "prefix", value: trimPrefix(path.value) } },
      };
    });
}

function isBelow({ path }: CharEntry): boolean {
  return path.kind === "prefix" && path.value !== "/";
}

function isTwin(other: CharEntry, { path, match, action, where }: CharEntry): boolean {
  return (
    path.value.endsWith("/") &&
    other.path.kind === "exact" &&
    other.path.value === trimPrefix(path.value) &&
    other.where === where &&
    contentKey(other.match) === contentKey(match) &&
    key(other.action) === key(action)
  );
}

/** Of one entry, or next to each other, so that none between them can matter. */
function isNear(other: CharEntry, entry: CharEntry, distance: number): boolean {
  return Math.abs(distance) === 1 || formatPath(other.action.at) === formatPath(entry.action.at);
}

/** An action apart from how it changes the path, which for a prefix and for the path itself is written differently. */
function key({ rewrite, redirect, ...action }: Action): string {
  const plain = {
    ...action,
    rewrite: rewrite && { ...rewrite, path: rewrite.path && trimPrefix(rewrite.path.value) },
    redirect: redirect && { ...redirect, path: redirect.path && trimPrefix(redirect.path.value) },
  };
  return contentKey(plain);
}

function trimmed(action: Action): Action {
  const { rewrite, redirect } = action;
  return {
    ...action,
    ...(rewrite?.path === undefined ? {} : { rewrite: { ...rewrite, path: plain(rewrite.path) } }),
    ...(redirect?.path === undefined ? {} : { redirect: { ...redirect, path: plain(redirect.path) } }),
  };
}

function plain(change: PathChange): PathChange {
  return change.kind === "prefix" ? { kind: "prefix", value: trimPrefix(change.value) } : change;
}

function tell({ value, field }: CharPath): void {
  const prefix = trimPrefix(value);
  field.change(
    value.endsWith("/")
      ? `${prefix} without a slash at its end is matched too: an intent's prefixes are of path elements`
      : `${prefix}-and-more is not matched any more: an intent's prefixes are of path elements`,
  );
}
