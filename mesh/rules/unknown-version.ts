import { didYouMean, errorAt } from "../../lib";
import { versionReferences } from "../intent/references";
import type { Rule } from "./types";

export const unknownVersion: Rule = {
  code: "unknown-version",
  title: "Every version that backends, mirrors and rollouts name is one of its service's versions.",
  check: ({ intent, lookup }) =>
    versionReferences(intent).flatMap(({ service, name, at }) => {
      const versions = lookup.service(service)?.versions.map((v) => v.name);
      if (versions === undefined || versions.includes(name)) return [];
      return [
        errorAt(at, {
          code: "unknown-version",
          message: `service ${service} has no version ${JSON.stringify(name)}`,
          hint: didYouMean(name, versions),
        }),
      ];
    }),
};
