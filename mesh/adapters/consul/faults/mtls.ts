import { errorAt, type Diagnostic } from "../../../../lib";
import type { Service } from "../../../intent/types";
import { modeOf } from "../mtls";
import type { Site } from "../site";

/** Plaintext that a permissive proxy takes reaches the service without a look at who may call it. */
export function mtlsFaults({ intent, lookup }: Site): Diagnostic[] {
  const guarded = (service: Service): string | undefined => {
    if (intent.authorization.default === "deny") return "authorization denies by default";
    if (lookup.accessTo(service.key).length > 0) return "access says who may call it";
    const asked = intent.externalAuthorization.some((e) => e.to.some((t) => t.service === service.key));
    return asked ? "somebody else is asked about its requests" : undefined;
  };
  return intent.services.flatMap((service) => {
    const why = guarded(service);
    if (why === undefined || modeOf(service, intent) === "strict") return [];
    const message = `${service.key} takes plaintext, which Consul lets past everything, and ${why}`;
    const hint = "make it strict, with an override in mtls.overrides if need be, or open it to all callers";
    return [errorAt(service.at, { code: "unsupported-permissive", message, hint })];
  });
}
