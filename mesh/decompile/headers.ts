import type { HeaderChange, NamedValue } from "../intent/types";
import type { Field } from "./field";

/** Changes of headers: `set` and `add` as the mesh lists values, by their names where it does not say; `remove` a list. */
export function headerChange(field: Field, values: (field: Field) => NamedValue[] = byName): HeaderChange {
  return {
    set: values(field.get("set")),
    add: values(field.get("add")),
    remove: field
      .get("remove")
      .texts()
      .map((name) => name.toLowerCase()),
  };
}

function byName(field: Field): NamedValue[] {
  return Object.entries(field.textMap()).map(([name, value]) => ({ name: name.toLowerCase(), value }));
}
