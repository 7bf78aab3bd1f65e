import { errorAt } from "../../lib";
import type { Rule } from "./types";

export const listenerHosts: Rule = {
  code: "listener-hosts",
  title: "A listener names hosts only where it can see them: not for tcp.",
  check: ({ intent }) =>
    intent.gateways
      .flatMap(({ listeners }) => listeners)
      .filter(({ protocol, hosts }) => protocol === "tcp" && hosts.some((host) => host !== "*"))
      .map(({ at }) =>
        errorAt([...at, "hosts"], {
          code: "listener-hosts",
          message: "connections of a tcp listener carry no name, so hosts would mean nothing",
          hint: "take hosts out, or use protocol tls",
        }),
      ),
};
