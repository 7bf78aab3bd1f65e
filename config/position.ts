import { isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from "yaml";
import type { FieldPath, SourcePosition } from "../lib";
import type { YamlDocument } from "./document";

/** Diagnostics that are about a key, not about what stands behind it. */
const ABOUT_KEYS = new Set(["unknown-key", "forbidden-key"]);

interface Entry {
  readonly key: Node | null;
  readonly value: Node | null;
}

const entriesOf = new WeakMap<YAMLMap, ReadonlyMap<string, Entry>>();

/**
 * Where a path of a document stands: at the value where that is a plain one, else at its key. A path that is not there
 * (a missing key) stands where the last part of it that is there does.
 */
export function positionOf(document: YamlDocument, path: FieldPath, code: string): SourcePosition {
  let node: Node | null = document.nodes.contents;
  let offset = startOf(node) ?? 0;
  for (const [i, part] of path.entries()) {
    const entry = step(document, node, part);
    if (entry === undefined) break;
    node = entry.value;
    const ends = i === path.length - 1;
    const value = entry.key === null || (isScalar(node) && !(ends && ABOUT_KEYS.has(code)));
    offset = startOf(value ? node : entry.key) ?? startOf(entry.key) ?? offset;
  }
  const { line, col } = document.lines.linePos(offset);
  return { file: document.file, line, column: col };
}

function step({ nodes }: YamlDocument, from: Node | null, part: string | number): Entry | undefined {
  const node = isAlias(from) ? from.resolve(nodes) : from;
  if (isMap(node)) return entries(node).get(String(part));
  if (isSeq(node) && typeof part === "number") {
    const item = node.items[part];
    return item === undefined ? undefined : { key: null, value: item as Node };
  }
  return undefined;
}

function entries(map: YAMLMap): ReadonlyMap<string, Entry> {
  const known = entriesOf.get(map);
  if (known !== undefined) return known;
  const made = new Map(
    map.items.map((pair): [string, Entry] => {
      const key = pair.key as Node | null;
      return [isScalar(key) ? String(key.value) : "", { key, value: pair.value as Node | null }];
    }),
  );
  entriesOf.set(map, made);
  return made;
}

function startOf(node: Node | null | undefined): number | undefined {
  return node?.range?.[0];
}
