import type { Support } from "./types";

/** The mesh does it with an object or field of its own. */
export function native(by: string, source: string, note?: string): Support {
  return { kind: "native", by, source, ...(note === undefined ? {} : { note }) };
}

/** The mesh does it with an object of the Gateway API. */
export function standard(by: string, source: string, note?: string): Support {
  return { kind: "gateway-api", by, source, ...(note === undefined ? {} : { note }) };
}

/** The mesh cannot; `reason` is one sentence without a final stop. */
export function none(reason: string, source: string, nearest?: string): Support {
  return { kind: "none", reason, source, ...(nearest === undefined ? {} : { nearest }) };
}
