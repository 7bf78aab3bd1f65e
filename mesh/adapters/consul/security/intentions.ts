import { byText } from "../../../../lib";
import type { Access, Service } from "../../../intent/types";
import type { KubeObject } from "../../../plan/types";
import { CONSUL_NAMESPACE, consulName, entry, externalName } from "../names";
import type { Site } from "../site";
import { takesRequests } from "../protocol";
import { accessByService, ANYONE, claimsOf } from "./callers";
import { sourceOf } from "./permissions";

/** Who may call whom: one entry for each service that access names, and one for all the others. */
export function intentions(site: Site): KubeObject[] {
  const { intent } = site;
  const access = accessByService(intent);
  return [
    byDefault(site),
    ...intent.services.flatMap((service) => {
      const own = access.get(service.key);
      return own === undefined ? [] : ofService(service, own, site);
    }),
    ...externalIntentions(site),
  ];
}

function byDefault({ intent }: Site): KubeObject {
  return entry("ServiceIntentions", {
    name: `default-${intent.authorization.default}`,
    namespace: CONSUL_NAMESPACE,
    spec: {
      destination: { name: ANYONE },
      sources: [{ action: intent.authorization.default, name: ANYONE }],
    },
  });
}

function ofService(service: Service, access: readonly Access[], site: Site): KubeObject[] {
  const enforced = access.filter((a) => a.action !== "audit");
  if (enforced.length === 0) return [];
  const anyAllow = enforced.some((a) => a.action === "allow");
  const otherwise = anyAllow ? "deny" : site.intent.authorization.default;
  const requests = takesRequests(service);
  const verdicts = { requests, otherwise, providers: requests ? providersOf(enforced) : [] } as const;
  return [
    entry("ServiceIntentions", {
      name: consulName(service),
      namespace: service.namespace,
      spec: {
        destination: { name: consulName(service) },
        sources: claimsOf(enforced, site).map((claims) => sourceOf(claims, verdicts)),
      },
    }),
  ];
}

/** Whose tokens a service looks at: those of every entry, whoever it is about. */
function providersOf(access: readonly Access[]): string[] {
  return [...new Set(access.flatMap((a) => a.jwt?.provider ?? []))].sort(byText);
}

/** What egress names may be called by everybody in the mesh: access is about the mesh's own services. */
function externalIntentions({ intent }: Site): KubeObject[] {
  if (intent.authorization.default === "allow") return [];
  return (intent.egress?.external ?? []).flatMap((external) =>
    external.ports.map(({ port }) => {
      const name = externalName(external, port);
      return entry("ServiceIntentions", {
        name,
        namespace: CONSUL_NAMESPACE,
        spec: { destination: { name }, sources: [{ name: ANYONE, action: "allow" }] },
      });
    }),
  );
}
