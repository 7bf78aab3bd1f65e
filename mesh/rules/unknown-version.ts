import { didYouMean, errorAt } from "../../lib";
import { backendsOf } from "../intent/references";
import type { Rule } from "./types";

export const unknownVersion: Rule = {
  code: "unknown-version",
  title: "Every version that a backend names is one of its service's versions.",
  check: ({ intent, lookup }) =>
    backendsOf(intent).flatMap(({ service, version, at }) => {
      const versions = lookup.service(service)?.versions.map((v) => v.name);
      if (version === undefined || versions === undefined || versions.includes(version)) return [];
      return [
        errorAt([...at, "version"], {
          code: "unknown-version",
          message: `service ${service} has no version ${JSON.stringify(version)}`,
          hint: didYouMean(version, versions),
        }),
      ];
    }),
};
