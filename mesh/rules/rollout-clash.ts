import { errorAt, formatPath, type Diagnostic } from "../../lib";
import type { Rollout } from "../intent/types";
import type { Rule } from "./types";

export const rolloutClash: Rule = {
  code: "rollout-clash",
  title: "A service has one rollout, from one version to another.",
  check({ intent }) {
    const seen = new Map<string, Rollout>();
    return intent.rollouts.flatMap((rollout): Diagnostic[] => {
      const { service, from, to, at } = rollout;
      const earlier = seen.get(service);
      seen.set(service, earlier ?? rollout);
      if (earlier !== undefined) {
        const message = `${service} already has the rollout at ${formatPath(earlier.at)}`;
        return [errorAt([...at, "service"], { code: "rollout-clash", message, hint: "keep one of the two" })];
      }
      if (from !== to) return [];
      const message = `the rollout goes from ${from} to the same version`;
      return [errorAt([...at, "to"], { code: "rollout-clash", message })];
    });
  },
};
