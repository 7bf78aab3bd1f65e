import { useFastStructs } from "../wire/fast-struct";
import { loadLate } from "./late";

/**
 * What the SDK always loads, most of the time that it takes to load: for functions that are turned into text (lambdas,
 * dynamic providers), and for programs that run the engine themselves.
 */
const SELDOM = [
  "@npmcli/arborist",
  "@pulumi/pulumi/typescript-shim",
  "fdir",
  "normalize-package-data",
  "@pulumi/pulumi/automation",
];

/** Makes the SDK in this process quick at what counts for a mesh. To be called once, before the SDK's index is loaded. */
export function goFast(): void {
  for (const id of SELDOM) loadLate(id);
  useFastStructs();
  // The SDK takes a stack trace with every promise it makes, some twenty for a resource. Mapping each of them back to
  // TypeScript took a tenth of an unchanged update; without, they still name functions and files.
  Reflect.deleteProperty(Error, "prepareStackTrace");
  process.setSourceMapsEnabled(false);
  // Whose promise it was stands in the first lines.
  Error.stackTraceLimit = 4;
}
