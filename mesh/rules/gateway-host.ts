import { errorAt, outerHosts } from "../../lib";
import { listenersFor } from "../intent/known";
import type { Rule } from "./types";

export const gatewayHost: Rule = {
  code: "gateway-host",
  title: "Each host of a gateway's route is one that a listener of the gateway answers for.",
  check: ({ intent, lookup }) =>
    intent.routes.flatMap(({ kind, for: target, at }) => {
      if (target.kind !== "gateway") return [];
      const gateway = lookup.gateway(target.gateway);
      const served = gateway === undefined ? [] : listenersFor(gateway, kind).flatMap((l) => l.hosts);
      if (served.length === 0) return [];
      const known = new Set(served);
      return target.hosts
        .filter((host) => !outerHosts(host).some((outer) => known.has(outer)))
        .map((host) =>
          errorAt([...at, "for", "hosts"], {
            code: "gateway-host",
            message: `no listener of gateway ${target.gateway} answers for ${JSON.stringify(host)}`,
            hint: `its hosts: ${served.join(", ")}`,
          }),
        );
    }),
};
