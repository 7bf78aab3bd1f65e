import { byText } from "../../lib";

/** An item as text without where it was written: equal for items that say the same. */
export function contentText(item: object): string {
  return JSON.stringify(item, (key, value: unknown) => (key === "at" ? undefined : value));
}

/** Labels in the order of their keys. */
export function sortedLabels(labels: { readonly [key: string]: string }): { readonly [key: string]: string } {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => byText(a, b)));
}

/** The words in order, each once. */
export function unique<T extends string>(words: readonly T[]): T[] {
  return [...new Set(words)].sort(byText);
}
