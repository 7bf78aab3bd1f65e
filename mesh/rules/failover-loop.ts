import { errorAt, type Diagnostic } from "../../lib";
import type { Locality, Service } from "../intent/types";
import type { Rule } from "./types";

export const failoverLoop: Rule = {
  code: "failover-loop",
  title: "Traffic of a place fails over to one other place.",
  check: ({ intent }) => intent.services.flatMap(faults),
};

function faults({ traffic: { locality, at } }: Service): Diagnostic[] {
  const failover: Locality["failover"] = locality?.failover ?? [];
  const place = [...at, "locality", "failover"];
  return failover.flatMap(({ from, to }, i): Diagnostic[] => {
    if (from === to) {
      const message = `traffic of ${from} cannot fail over to where it failed`;
      return [errorAt(place, { code: "failover-loop", message })];
    }
    if (!failover.slice(0, i).some((other) => other.from === from)) return [];
    const message = `traffic of ${from} fails over to two places, and which comes first is open`;
    return [errorAt(place, { code: "failover-loop", message, hint: "keep one of the two" })];
  });
}
