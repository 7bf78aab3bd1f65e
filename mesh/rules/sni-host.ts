import { errorAt, outerHosts } from "../../lib";
import type { Rule } from "./types";

export const sniHost: Rule = {
  code: "sni-host",
  title: "The names of a gateway's tls rules are among the hosts of its route.",
  check: ({ intent }) =>
    intent.routes.flatMap((route) => {
      const { for: target } = route;
      if (route.kind !== "tls" || target.kind !== "gateway") return [];
      const known = new Set(target.hosts);
      return route.rules.flatMap(({ sni, at }) =>
        sni
          .filter((name) => !outerHosts(name).some((outer) => known.has(outer)))
          .map((name) =>
            errorAt([...at, "sni"], {
              code: "sni-host",
              message: `${JSON.stringify(name)} is none of the hosts that this route is for`,
              hint: `its hosts: ${target.hosts.join(", ")}`,
            }),
          ),
      );
    }),
};
