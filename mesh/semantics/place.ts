import { formatPath, type FieldPath } from "../../lib";
import type { NormalizedIntent } from "../intent/types";

/** Where something that is said once for the whole mesh is written: beside its certificate authority. */
export function partOf({ ca }: NormalizedIntent["mtls"], path: FieldPath): FieldPath {
  return [...ca.at.slice(0, -2), ...path];
}

/** The paths, each once. */
export function eachOnce(paths: readonly FieldPath[]): FieldPath[] {
  return [...new Map(paths.map((path) => [formatPath(path), path])).values()];
}
