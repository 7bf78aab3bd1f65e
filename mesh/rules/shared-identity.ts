import { errorAt, groupBy } from "../../lib";
import type { Service } from "../intent/types";
import type { Rule } from "./types";

export const sharedIdentity: Rule = {
  code: "shared-identity",
  title:
    "Services share a service account only where each of them says so, since access cannot tell them apart.",
  check({ intent }) {
    const byIdentity = groupBy(intent.services, (s) => `${s.namespace}/${s.serviceAccount}`);
    return [...byIdentity].flatMap(([identity, sharing]) =>
      sharing.length < 2
        ? []
        : sharing
            .filter((service) => !service.sharesServiceAccount)
            .map((service) =>
              errorAt([...service.at, "serviceAccount"], {
                code: "shared-identity",
                message: `service ${service.key} shares the service account ${identity} with ${others(sharing, service)}`,
                hint: "give each its own, or write `sharesServiceAccount: true` on all of them: whoever may call one as its client may call as the other",
              }),
            ),
    );
  },
};

function others(sharing: readonly Service[], self: Service): string {
  return sharing
    .filter((s) => s !== self)
    .map((s) => s.key)
    .join(", ");
}
