import { warningAt, type Diagnostic } from "../../lib";
import type { Lookup } from "../intent/lookup";
import type { Access, Caller, Service } from "../intent/types";
import type { Rule } from "./types";

export const strictClient: Rule = {
  code: "strict-client",
  title: "Who is admitted by address alone can reach the service: its mTLS is permissive.",
  check: ({ intent, lookup }) =>
    intent.access.flatMap((access) => {
      const service = lookup.service(access.to.service);
      if (access.action !== "allow" || service === undefined) return [];
      return access.from.flatMap((caller) => shutOut(caller, { access, service, lookup }));
    }),
};

interface Surroundings {
  readonly access: Access;
  readonly service: Service;
  readonly lookup: Lookup;
}

/** A caller in the mesh is known by its identity; whoever is known by address only has none to show. */
function shutOut(caller: Caller, { access, service, lookup }: Surroundings): Diagnostic[] {
  if (caller.kind !== "ipBlocks") return [];
  const ports = access.to.ports.length > 0 ? access.to.ports : service.ports.map((p) => p.port);
  const open = ports.some((port) => lookup.mtlsMode(service, port) === "permissive");
  if (open) return [];
  return [
    warningAt(caller.at, {
      code: "strict-client",
      message: `${service.key} takes mTLS only, so callers outside the mesh at these addresses cannot connect`,
      hint: `add to mtls.overrides: { service: ${service.key}, mode: permissive }, or name callers of the mesh by identity`,
    }),
  ];
}
