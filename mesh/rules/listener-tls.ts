import { errorAt } from "../../lib";
import type { Rule } from "./types";

export const listenerTls: Rule = {
  code: "listener-tls",
  title: "A listener has a certificate if, and only if, it speaks https.",
  check: ({ intent }) =>
    intent.gateways
      .flatMap((gateway) => gateway.listeners)
      .flatMap(({ protocol, tlsSecret, at }) => {
        if (protocol === "https" && tlsSecret === undefined) {
          const hint = "add tls: { secret: <name of a kubernetes.io/tls Secret> }";
          return [
            errorAt(at, { code: "listener-tls", message: "an https listener needs a certificate", hint }),
          ];
        }
        if (protocol !== "https" && tlsSecret !== undefined) {
          const hint = "use protocol https, or take tls out";
          const message = `a listener for ${protocol} has no use for a certificate`;
          return [errorAt([...at, "tls"], { code: "listener-tls", message, hint })];
        }
        return [];
      }),
};
