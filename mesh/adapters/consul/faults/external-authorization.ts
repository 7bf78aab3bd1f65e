import { errorAt, type Diagnostic } from "../../../../lib";
import type { Site } from "../site";
import { accessByService, callersOf } from "../security/callers";

/** What the extension that asks somebody else cannot be told. */
export function externalAuthorizationFaults(site: Site): Diagnostic[] {
  return [...operations(site), ...several(site), ...reachable(site)];
}

function operations({ intent }: Site): Diagnostic[] {
  return intent.externalAuthorization
    .filter((e) => e.to.some((t) => t.operations.length > 0))
    .map((e) =>
      errorAt([...e.at, "to"], {
        code: "unsupported-operations",
        message: "Consul asks about all requests of a service, not about some",
        hint: "leave the operations out, and let the authorizer tell them apart",
      }),
    );
}

function several({ intent }: Site): Diagnostic[] {
  const seen = new Set<string>();
  return intent.externalAuthorization.flatMap((e) =>
    e.to.flatMap(({ service }) => {
      const again = seen.has(service);
      seen.add(service);
      const message = `somebody else is asked about ${service} already, and Consul asks one`;
      return again ? [errorAt([...e.at, "to"], { code: "unsupported-authorizers", message })] : [];
    }),
  );
}

/** A proxy that may not call the authorizer gets no answer. */
function reachable(site: Site): Diagnostic[] {
  const access = accessByService(site.intent);
  return site.intent.externalAuthorization.flatMap((e) => {
    const authorizer = site.lookup.service(e.service);
    if (authorizer === undefined) return [];
    const callers = new Set(callersOf(authorizer, access.get(authorizer.key) ?? [], site));
    return e.to.flatMap(({ service }) => {
      const guarded = site.lookup.service(service);
      if (guarded === undefined || guarded.key === authorizer.key || callers.has(guarded)) return [];
      const message = `the proxies of ${service} may not call ${e.service}, which they are to ask`;
      const hint = `add to access: { to: { service: ${e.service} }, action: allow, from: [{ service: ${service} }] }`;
      return [errorAt([...e.at, "service"], { code: "unreachable-authorizer", message, hint })];
    });
  });
}
