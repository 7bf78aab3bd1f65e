import { errorAt, hostWithin } from "../../lib";
import type { Rule } from "./types";

export const gatewayHost: Rule = {
  code: "gateway-host",
  title: "Each host of a gateway's route is one that a listener of the gateway answers for.",
  check: ({ intent, lookup }) =>
    intent.routes.flatMap(({ for: target, at }) => {
      if (target.kind !== "gateway") return [];
      const served = lookup.gateway(target.gateway)?.listeners.flatMap((l) => l.hosts);
      if (served === undefined) return [];
      return target.hosts
        .filter((host) => !served.some((outer) => hostWithin(host, outer)))
        .map((host) =>
          errorAt([...at, "for", "hosts"], {
            code: "gateway-host",
            message: `no listener of gateway ${target.gateway} answers for ${JSON.stringify(host)}`,
            hint: `its hosts: ${served.join(", ")}`,
          }),
        );
    }),
};
