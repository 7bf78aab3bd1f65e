import { errorAt } from "../../lib";
import { listenersFor } from "../intent/known";
import type { Rule } from "./types";

export const gatewayProtocol: Rule = {
  code: "gateway-protocol",
  title: "A gateway has a listener for each kind of route that is written for it.",
  check: ({ intent, lookup }) =>
    intent.routes.flatMap(({ kind, for: target, at }) => {
      const gateway = target.kind === "gateway" ? lookup.gateway(target.gateway) : undefined;
      if (gateway === undefined || listenersFor(gateway, kind).length > 0) return [];
      const wanted = kind === "tcp" || kind === "tls" ? kind : "http, https or grpc";
      const carried = [...new Set(gateway.listeners.map(({ protocol }) => protocol))].join(", ");
      return [
        errorAt([...at, "for", "gateway"], {
          code: "gateway-protocol",
          message: `gateway ${gateway.name} has listeners for ${carried}, none of which carries a ${kind} route`,
          hint: `add a listener whose protocol is ${wanted}`,
        }),
      ];
    }),
};
