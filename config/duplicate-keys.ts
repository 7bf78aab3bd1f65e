import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Pair } from "yaml";

/**
 * Where a document has a key for the second time in one section, as offsets into its text. Each key is looked at once;
 * the parser's own check compares every two keys of a section, which takes minutes for a long one.
 */
export function duplicateKeys(document: Document): number[] {
  const found: number[] = [];
  const visit = (node: unknown): void => {
    if (isSeq(node)) node.items.forEach(visit);
    if (!isMap(node)) return;
    const seen = new Set<string>();
    for (const { key, value } of node.items as Pair<Node | null, Node | null>[]) {
      const name = nameOf(key, document);
      if (seen.has(name)) found.push(key?.range?.[0] ?? 0);
      seen.add(name);
      visit(key);
      visit(value);
    }
  };
  visit(document.contents);
  return found;
}

/** The key as JavaScript will have it: numbers and words that look alike are one. */
function nameOf(key: Node | null, document: Document): string {
  const node = isAlias(key) ? key.resolve(document) : key;
  if (node === undefined || node === null) return "";
  if (!isScalar(node)) return node.toString();
  return typeof node.value === "string" ? node.value : JSON.stringify(node.value ?? "");
}
