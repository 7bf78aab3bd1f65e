import { errorAt } from "../../lib";
import type { Gateway, Listener } from "../intent/types";
import type { Rule } from "./types";

export const listenerClash: Rule = {
  code: "listener-clash",
  title: "Listeners of a gateway that share a port share its protocol and no host.",
  check: ({ intent }) => intent.gateways.flatMap(clashes),
};

function clashes({ name, listeners }: Gateway) {
  return listeners.flatMap((listener, i) => {
    const clash = listeners
      .slice(0, i)
      .map((earlier) => why(earlier, listener))
      .find((reason) => reason !== undefined);
    if (clash === undefined) return [];
    const message = `another listener of gateway ${name} has port ${listener.port} with ${clash}`;
    return [errorAt(listener.at, { code: "listener-clash", message })];
  });
}

function why(a: Listener, b: Listener): string | undefined {
  if (a.port !== b.port) return undefined;
  if (a.protocol !== b.protocol) return `protocol ${a.protocol}`;
  const host = b.hosts.find((h) => a.hosts.includes(h));
  return host === undefined ? undefined : `the same host ${host}`;
}
