/** Lists of an intent whose order means something. */
const ORDERED = new Set(["rules", "steps"]);

/** The same intent, written down in another order: keys, and all lists but those whose order has a meaning. */
export function shuffled<T>(value: T, numbers: Iterator<number>): T {
  return visit(value, { numbers, ordered: false }) as T;
}

function visit(
  value: unknown,
  { numbers, ordered }: { numbers: Iterator<number>; ordered: boolean },
): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => visit(item, { numbers, ordered: false }));
    return ordered ? items : mixed(items, numbers);
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, each]): [string, unknown] => [
    key,
    visit(each, { numbers, ordered: ORDERED.has(key) }),
  ]);
  return Object.fromEntries(mixed(entries, numbers));
}

function mixed<T>(items: readonly T[], numbers: Iterator<number>): T[] {
  return items
    .map((item) => ({ item, rank: Number(numbers.next().value) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
