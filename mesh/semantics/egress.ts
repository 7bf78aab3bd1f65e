import type { NormalizedIntent } from "../intent/types";
import { nearestHost } from "./hosts";
import type { Destination, Outcome, Request } from "./types";

type Outside = Extract<Destination, { kind: "external" }>;

/** What becomes of a call to a host outside the mesh. Whoever has no proxy is not the mesh's to stop. */
export function toOutside({ from }: Request, { host, port }: Outside, { egress }: NormalizedIntent): Outcome {
  if (from.kind === "unmeshed" || from.kind === "principal") return { kind: "passed", because: [] };
  if (egress === undefined) return { kind: "undecided", because: [] };
  const open = egress.external.filter((e) => e.ports.some((p) => p.port === port));
  const nearest = nearestHost(
    open.flatMap((e) => e.hosts),
    host,
  );
  const external = open.find((e) => nearest !== undefined && e.hosts.includes(nearest));
  if (external !== undefined) return { kind: "passed", external: external.name, because: [external.at] };
  const because = [[...egress.at, "default"]];
  return egress.default === "deny"
    ? { kind: "refused", reason: "egress", because }
    : { kind: "passed", because };
}
