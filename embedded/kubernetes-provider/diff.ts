import {
  isList,
  isMap,
  plain,
  Secret,
  Unknown,
  type DiffKind,
  type DiffRequest,
  type DiffResult,
  type PropertyDiff,
  type Value,
  type ValueMap,
} from "../plugin";
import { Handling } from "./annotations";
import { kindOf } from "./kinds";
import type { ProviderConfig } from "./provider-config";
import { replaceRules, type Rule } from "./replace-rules";

type Path = readonly (string | number)[];

/** One difference between two property trees. */
export interface Change {
  readonly path: Path;
  readonly kind: DiffKind;
  readonly value: Value;
}

/** Compares what was asked for with what is asked for now. The live object does not matter: refresh looks at that. */
export function diffObject(
  mutable: Pick<ProviderConfig, "configMapMutable" | "secretMutable">,
  request: DiffRequest,
): DiffResult {
  const { news } = request;
  const olds = oldInputsOf(request);
  const immutable = plain(olds["immutable"] ?? null) === true;
  const settings = immutable ? { configMapMutable: false, secretMutable: false } : mutable;
  const rules = replaceRules(kindOf(request.type, news), settings);
  const detailed: Record<string, PropertyDiff> = {};
  const replaces: string[] = [];
  for (const change of changes(olds, news)) {
    const path = formatPath(change.path);
    const replace = rules.some((rule) => matches(rule, change));
    detailed[path] = { kind: change.kind, replace, inputDiff: change.kind === "DELETE" };
    if (replace) replaces.push(path);
  }
  return { detailed, replaces, deleteBeforeReplace: replaces.length > 0 && keepsName(olds, news) };
}

export function oldInputsOf(request: Pick<DiffRequest, "oldInputs" | "olds">): ValueMap {
  if (Object.keys(request.oldInputs).length > 0) return request.oldInputs;
  const kept = request.olds["__inputs"];
  return isMap(kept) ? kept : {};
}

/** Two objects cannot have one name: then the old one goes first. */
function keepsName(olds: ValueMap, news: ValueMap): boolean {
  const [before, after] = [plain(olds), plain(news)];
  const name = (inputs: typeof before) => {
    const metadata = inputs["metadata"] as { name?: string; namespace?: string } | undefined;
    return [metadata?.name, metadata?.namespace];
  };
  return !new Handling(after).autonamed && JSON.stringify(name(before)) === JSON.stringify(name(after));
}

export function changes(before: Value, after: Value, path: Path = []): Change[] {
  const [old, now] = [opened(before), opened(after)];
  if (same(old, now)) return [];
  if (isMap(old) && isMap(now)) {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
    return keys.flatMap((key) => changed({ old: old[key], now: now[key] }, [...path, key]));
  }
  if (isList(old) && isList(now)) {
    const length = Math.max(old.length, now.length);
    return Array.from({ length }, (_, i) => changed({ old: old[i], now: now[i] }, [...path, i])).flat();
  }
  return old === now && !(now instanceof Unknown) ? [] : [{ path, kind: "UPDATE", value: now }];
}

/** Most of what is compared is the same, and that can be told without a list of paths. */
function same(old: Value, now: Value): boolean {
  if (old === now) return !(now instanceof Unknown);
  if (isList(old) && isList(now)) {
    return old.length === now.length && old.every((item, i) => same(item, now[i] ?? null));
  }
  if (!isMap(old) || !isMap(now)) return false;
  const keys = Object.keys(old);
  return (
    keys.length === Object.keys(now).length &&
    keys.every((key) => Object.hasOwn(now, key) && same(old[key] ?? null, now[key] ?? null))
  );
}

function changed(pair: { old: Value | undefined; now: Value | undefined }, path: Path): Change[] {
  const { old, now } = pair;
  if (old === undefined || old === null)
    return now === undefined || now === null ? [] : [{ path, kind: "ADD", value: now }];
  if (now === undefined || now === null) return [{ path, kind: "DELETE", value: old }];
  return changes(old, now, path);
}

function opened(value: Value): Value {
  return value instanceof Secret ? opened(value.value) : value;
}

/** The rule names the changed field, something above it, or something inside what came or went as a whole. */
function matches(rule: Rule, { path, value }: Change): boolean {
  const same = rule
    .slice(0, path.length)
    .every((part, i) => part === path[i] || (part === "[]" && typeof path[i] === "number"));
  if (!same) return false;
  return path.length >= rule.length || has(value, rule.slice(path.length));
}

function has(value: Value, rule: Rule): boolean {
  const [part, ...rest] = rule;
  if (part === undefined) return true;
  const inner = opened(value);
  if (part === "[]") return isList(inner) && inner.some((item) => has(item, rest));
  const next = isMap(inner) ? inner[part] : undefined;
  return next !== undefined && has(next, rest);
}

/** `spec.ports[0].port`, `metadata.labels["app.kubernetes.io/name"]`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (/[.[\]"]/.test(part)) return `${text}["${part.replaceAll('"', '\\"')}"]`;
    return text ? `${text}.${part}` : part;
  }, "");
}
