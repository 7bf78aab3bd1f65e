import type { Match, NamedMatch, Operation } from "../../intent/types";
import type { Field } from "../field";
import type { Item, Manifests } from "../manifests";
import { plainest } from "../matches";

const SPECS = "specs.smi-spec.io";

/** The matches of an HTTPRouteGroup that a reference names; all of them where it names none. */
export function matchesIn(
  manifests: Manifests,
  place: { readonly namespace: string; readonly name: string },
): readonly Field[] {
  const groups = manifests.take(SPECS, "HTTPRouteGroup");
  const group = groups.find((g) => g.name === place.name && g.namespace === place.namespace);
  return group === undefined ? [] : matchList(group);
}

/** Before v1alpha3 matches stood beside the metadata. */
function matchList({ root, spec }: Item): readonly Field[] {
  const within = spec.get("matches").items();
  return within.length > 0 ? within : root.get("matches").items();
}

/** As matches of a route: one for each method. */
export function routeMatches(field: Field): Match[] {
  field.get("name").accept();
  const methods = field
    .get("methods")
    .texts()
    .filter((method) => method !== "*");
  const regex = field.get("pathRegex").text();
  const headers = headersOf(field.get("headers"));
  const path =
    regex === undefined || regex === ".*"
      ? ({ kind: "prefix", value: "/" } as const)
      : ({ kind: "regex", value: regex } as const);
  const match = { path, headers, query: [], cookies: [], at: field.at };
  return methods.length === 0 ? [match] : methods.map((method) => ({ ...match, method }));
}

function headersOf(field: Field): NamedMatch[] {
  // A list of single headers before v1alpha4, one object since.
  const parts = field.items().length > 0 ? field.items() : [field];
  return parts.flatMap((part) =>
    part.entries().flatMap(([name, value]) => {
      const pattern = value.text();
      return pattern === undefined ? [] : [{ name: name.toLowerCase(), match: plainest(pattern) }];
    }),
  );
}

/** As an operation of access; undefined for paths that one cannot name. */
export function operationOf(field: Field): Operation | undefined {
  field.get("name").accept();
  const methods = field
    .get("methods")
    .texts()
    .filter((method) => method !== "*");
  const regex = field.get("pathRegex").text();
  if (field.get("headers").there) return undefined;
  if (regex === undefined || regex === ".*" || regex === "/.*") return { methods, paths: [] };
  const open = regex.endsWith(".*");
  const plain = plainest(open ? regex.slice(0, -2) : regex);
  return plain.kind === "exact" && plain.value.startsWith("/")
    ? { methods, paths: [open ? `${plain.value}*` : plain.value] }
    : undefined;
}
