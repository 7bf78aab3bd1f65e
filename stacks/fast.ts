import { useFastStructs } from "../wire/fast-struct";

/** Makes the SDK in this process quick at what a mesh has much of: resources, and large ones. Call it once, first. */
export function goFast(): void {
  useFastStructs();
  // The SDK takes a stack trace with every promise it makes, some twenty for a resource. Mapping each of them back to
  // TypeScript took a tenth of an unchanged update; without, they still name functions and files.
  Reflect.deleteProperty(Error, "prepareStackTrace");
  process.setSourceMapsEnabled(false);
}
