import { errorAt, type Diagnostic } from "../../lib";
import type { ExternalService, NormalizedIntent } from "../intent/types";
import type { Rule, RuleInput } from "./types";

export const egressClash: Rule = {
  code: "egress-clash",
  title: "A host outside is named by one external service, once per port, and is not a service of the mesh.",
  check: ({ intent, lookup }) => [...twice(intent), ...inside(intent, lookup)],
};

function twice({ egress }: NormalizedIntent): Diagnostic[] {
  const seen = new Map<string, ExternalService>();
  return (egress?.external ?? []).flatMap((one) =>
    one.ports.flatMap(({ port }) =>
      one.hosts.flatMap((host): Diagnostic[] => {
        const place = `${host}:${port}`;
        const other = seen.get(place);
        seen.set(place, other ?? one);
        if (other === undefined) return [];
        const message = `${place} is named twice, by ${other.name} and by ${one.name}`;
        return [errorAt(one.at, { code: "egress-clash", message, hint: "keep one of the two" })];
      }),
    ),
  );
}

function inside({ egress }: NormalizedIntent, lookup: RuleInput["lookup"]): Diagnostic[] {
  return (egress?.external ?? []).flatMap(({ hosts, at }) =>
    hosts.flatMap((host): Diagnostic[] => {
      const [name = "", namespace = "", ...domain] = host.split(".");
      const ofCluster = domain.length === 0 || domain[0] === "svc";
      const service = ofCluster ? lookup.service(`${namespace}/${name}`) : undefined;
      if (service === undefined) return [];
      const message = `${host} is the service ${service.key} of this mesh, not something outside it`;
      return [errorAt([...at, "hosts"], { code: "egress-clash", message, hint: "take it out of egress" })];
    }),
  );
}
