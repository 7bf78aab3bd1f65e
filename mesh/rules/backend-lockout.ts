import { groupBy, warningAt } from "../../lib";
import type { Rule } from "./types";

export const backendLockout: Rule = {
  code: "backend-lockout",
  title: "A service to which the route of another leads admits somebody.",
  check({ intent, lookup }) {
    const allows = groupBy(
      intent.access.filter(({ action }) => action === "allow"),
      ({ to }) => to.service,
    );
    if (intent.authorization.default === "allow") return [];
    return intent.routes.flatMap(({ for: target, rules }) => {
      if (target.kind === "gateway") return [];
      const { service: asked } = target;
      return rules
        .flatMap((rule) => rule.backends)
        .filter(({ service }) => service !== asked && lookup.service(service) && !allows.has(service))
        .map(({ service, at }) =>
          warningAt([...at, "service"], {
            code: "backend-lockout",
            message: `requests to ${asked} that are sent to ${service} are denied there: no access admits anybody`,
            hint: `access is decided where requests arrive: let the callers of ${asked} call ${service} too`,
          }),
        );
    });
  },
};
