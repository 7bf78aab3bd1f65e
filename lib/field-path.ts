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
