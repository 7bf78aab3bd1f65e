import type { HeaderChange, NamedValue } from "../intent/types";
import type { Field } from "./field";

/** Changes of headers as most meshes write them: `set` and `add` by name, `remove` a list. */
export function headerChange(field: Field): HeaderChange {
  return {
    set: values(field.get("set")),
    add: values(field.get("add")),
    remove: field
      .get("remove")
      .texts()
      .map((name) => name.toLowerCase()),
  };
}

function values(field: Field): NamedValue[] {
  return Object.entries(field.textMap()).map(([name, value]) => ({ name: name.toLowerCase(), value }));
}
