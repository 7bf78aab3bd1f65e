import type { FieldPath } from "../../lib";
import type { MtlsMode, NormalizedIntent, Service } from "../intent/types";
import { partOf } from "./place";

/** Whether a port of a service takes plaintext, and what says so: its own override, its service's, its namespace's, the mesh's. */
export function mtlsMode(
  { key, namespace }: Service,
  port: number,
  { mtls }: NormalizedIntent,
): { readonly mode: MtlsMode; readonly because: FieldPath } {
  const { overrides } = mtls;
  const override =
    overrides.find((o) => o.service === key && o.port === port) ??
    overrides.find((o) => o.service === key && o.port === undefined) ??
    overrides.find((o) => o.service === undefined && o.namespace === namespace);
  if (override !== undefined) return { mode: override.mode, because: override.at };
  return { mode: mtls.mode, because: partOf(mtls, ["mtls", "mode"]) };
}
