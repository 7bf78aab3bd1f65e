import { groupBy, warningAt } from "../../lib";
import type { Access, NormalizedIntent } from "../intent/types";
import type { Rule } from "./types";

export const gatewayLockout: Rule = {
  code: "gateway-lockout",
  title: "A gateway may call the services to which its routes lead.",
  check({ intent }) {
    const allows = groupBy(
      intent.access.filter((a) => a.action === "allow"),
      (a) => a.to.service,
    );
    return intent.routes.flatMap((route) => {
      const { for: target } = route;
      if (target.kind !== "gateway") return [];
      return route.rules
        .flatMap((rule) => rule.backends)
        .filter((backend) => isLockedOut(target.gateway, allows.get(backend.service), intent))
        .map((backend) =>
          warningAt([...backend.at, "service"], {
            code: "gateway-lockout",
            message: `no access lets gateway ${target.gateway} call ${backend.service}, so every request would get 403`,
            hint: `add to access: { to: { service: ${backend.service} }, action: allow, from: [{ gateway: ${target.gateway} }] }`,
          }),
        );
    });
  },
};

function isLockedOut(
  gateway: string,
  allows: readonly Access[] | undefined,
  intent: NormalizedIntent,
): boolean {
  if (allows === undefined) return intent.authorization.default === "deny";
  return !allows.some((allow) => admits(allow, gateway));
}

/** A namespace or principal may well be the gateway's own, which only the mesh's options tell. */
function admits(allow: Access, gateway: string): boolean {
  if (allow.from.length === 0) return true;
  return allow.from.some((c) =>
    c.kind === "gateway" ? c.gateway === gateway : c.kind === "namespace" || c.kind === "principal",
  );
}
