import { errorAt, type Diagnostic } from "../../../../lib";
import type { Site } from "../names";
import { protocolOf, takesRequests } from "../protocol";
import { accessByService, mayCall } from "../security/callers";

/** What the extension that asks somebody else cannot be told. */
export function externalAuthorizationFaults(site: Site): Diagnostic[] {
  return [...operations(site), ...several(site), ...reachable(site), ...protocols(site)];
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
    const may = mayCall(authorizer, access.get(authorizer.key) ?? [], site);
    return e.to.flatMap(({ service }) => {
      const guarded = site.lookup.service(service);
      if (guarded === undefined || guarded.key === authorizer.key || may(guarded)) return [];
      const message = `the proxies of ${service} may not call ${e.service}, which they are to ask`;
      const hint = `add to access: { to: { service: ${e.service} }, action: allow, from: [{ service: ${service} }] }`;
      return [errorAt([...e.at, "service"], { code: "unreachable-authorizer", message, hint })];
    });
  });
}

function protocols({ intent, lookup }: Site): Diagnostic[] {
  return intent.externalAuthorization.flatMap((e) => {
    const authorizer = lookup.service(e.service);
    const speaks = authorizer === undefined ? undefined : protocolOf(authorizer);
    const fits = e.protocol === "grpc" ? speaks === "grpc" || speaks === "http2" : speaks === "http";
    const wrong = e.to.flatMap((t) => lookup.service(t.service) ?? []).filter((s) => !takesRequests(s));
    const faults = wrong.map((s) =>
      errorAt([...e.at, "to"], {
        code: "unsupported-authorizer-protocol",
        message: `${s.key} takes connections, about which nobody is asked`,
      }),
    );
    if (speaks === undefined || fits) return faults;
    const message = `${e.service} is asked by ${e.protocol}, and its port is ${speaks}`;
    return [...faults, errorAt([...e.at, "protocol"], { code: "unsupported-authorizer-protocol", message })];
  });
}
