import { status } from "@grpc/grpc-js";
import type { ValueMap } from "./values";

/**
 * The object exists but did not become what it should: the engine keeps it in the state, marked, and the next
 * `up` goes on from there. `reasons` is what the user reads, one line each.
 */
export class InitFailedError extends Error {
  override readonly name = "InitFailedError";

  constructor(
    readonly state: { readonly id: string; readonly properties: ValueMap; readonly inputs?: ValueMap },
    readonly reasons: readonly string[],
  ) {
    super(reasons[0] ?? "the object did not initialize");
  }
}

/** Something this plugin does not do, and never silently skips. */
export class UnsupportedError extends Error {
  override readonly name = "UnsupportedError";
}

export const { UNIMPLEMENTED, UNKNOWN } = status;
