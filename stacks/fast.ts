import { useFastStructs } from "../wire/fast-struct";
import { loadLate } from "./late";

/** Makes the SDK in this process quick at what counts for a mesh. To be called once, before the SDK's index is loaded. */
export function goFast(): void {
  // The SDK needs them to turn functions into text, for lambdas and dynamic providers, and loads them always: most of
  // the time that it takes to load.
  loadLate("@npmcli/arborist");
  loadLate("@pulumi/pulumi/typescript-shim");
  useFastStructs();
  // The SDK takes a stack trace with every promise it makes, some twenty for a resource. Mapping each of them back to
  // TypeScript took a tenth of an unchanged update; without, they still name functions and files.
  Reflect.deleteProperty(Error, "prepareStackTrace");
  process.setSourceMapsEnabled(false);
  // Whose promise it was stands in the first lines.
  Error.stackTraceLimit = 4;
}
