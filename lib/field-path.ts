/** Keys and indexes from the root of a document: `["routes", 0, "rules"]`. */
export type FieldPath = readonly (string | number)[];

const PLAIN = /^[A-Za-z_$][\w$-]*$/;

/** Prints a path as `routes[0].rules`, quoting keys that are not plain names: `services["shop/cart"]`. */
export function formatPath(path: FieldPath): string {
  return path
    .map((part, i) => {
      if (typeof part === "number") return `[${part}]`;
      if (!PLAIN.test(part)) return `[${JSON.stringify(part)}]`;
      return i === 0 ? part : `.${part}`;
    })
    .join("");
}

const STEP = /(?:^|(?<=.)\.)([A-Za-z_$][\w$-]*)|\[(\d{1,9})\]|\[("(?:[^"\\]|\\.)*")\]/y;

/** Reads what `formatPath` prints; undefined where it would not print that. */
export function parsePath(text: string): FieldPath | undefined {
  const path: (string | number)[] = [];
  const step = new RegExp(STEP);
  while (step.lastIndex < text.length) {
    const found = step.exec(text);
    if (found === null) return undefined;
    const [, name, index, quoted] = found;
    const key = name ?? (quoted === undefined ? undefined : unquoted(quoted));
    if (key === undefined && index === undefined) return undefined;
    path.push(key ?? Number(index));
  }
  return path;
}

function unquoted(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}
