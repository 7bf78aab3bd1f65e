import { errorAt, groupBy, type Diagnostic } from "../../lib";
import type { Gateway, Listener } from "../intent/types";
import type { Rule } from "./types";

export const listenerClash: Rule = {
  code: "listener-clash",
  title: "Listeners of a gateway that share a port share its protocol and no host.",
  check: ({ intent }) => intent.gateways.flatMap(clashes),
};

function clashes({ name, listeners }: Gateway): Diagnostic[] {
  return [...groupBy(listeners, ({ port }) => port)].flatMap(([port, sharing]) =>
    reasons(sharing).map(({ listener, reason }) =>
      errorAt(listener.at, {
        code: "listener-clash",
        message: `another listener of gateway ${name} has port ${port} with ${reason}`,
      }),
    ),
  );
}

function reasons(sharing: readonly Listener[]): { listener: Listener; reason: string }[] {
  const [first] = sharing;
  const taken = new Set<string>();
  return sharing.flatMap((listener) => {
    const host = listener.hosts.find((one) => taken.has(one));
    for (const one of listener.hosts) taken.add(one);
    if (first !== undefined && first.protocol !== listener.protocol) {
      return [{ listener, reason: `protocol ${first.protocol}` }];
    }
    return host === undefined ? [] : [{ listener, reason: `the same host ${host}` }];
  });
}
