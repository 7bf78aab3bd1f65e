import type { MtlsMode, NormalizedIntent, Service } from "../../intent/types";

/** Whether a service takes plaintext: what its override says, else its namespace's, else the mesh's. */
export function modeOf({ key, namespace }: Service, { mtls }: NormalizedIntent): MtlsMode {
  const { overrides, mode } = mtls;
  // Consul's services have one port, so that an override of the port is one of the service.
  const own =
    overrides.find((o) => o.service === key && o.port !== undefined) ??
    overrides.find((o) => o.service === key) ??
    overrides.find((o) => o.service === undefined && o.namespace === namespace);
  return own?.mode ?? mode;
}

/** Whether anything may take plaintext, which Consul must be told before it lets anybody. */
export function anyPermissive(intent: NormalizedIntent): boolean {
  return (
    byDefault(intent) === "permissive" || intent.services.some((s) => modeOf(s, intent) === "permissive")
  );
}

/**
 * The mode of services that the intent does not name. A namespace that is strict in a permissive mesh may hold some,
 * and none of them may be weaker than it says.
 */
export function byDefault({ mtls }: NormalizedIntent): MtlsMode {
  const stricter = mtls.overrides.some((o) => o.namespace !== undefined && o.mode === "strict");
  return stricter ? "strict" : mtls.mode;
}
