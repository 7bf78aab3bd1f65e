import { errorAt } from "../../lib";
import { contentText } from "../intent/order";
import type { Rule } from "./types";

export const versionLabels: Rule = {
  code: "version-labels",
  title: "Each version of a service has labels that tell its pods from those of the other versions.",
  check: ({ intent }) =>
    intent.services.flatMap(({ key, versions }) =>
      versions.flatMap(({ name, labels, at }, i) => {
        const hint = `write labels that only pods of ${name} carry: { labels: { version: ${name} } }`;
        if (Object.keys(labels).length === 0) {
          const message = `version ${name} of service ${key} has no labels`;
          return [errorAt(at, { code: "version-labels", message, hint })];
        }
        const twin = versions.slice(0, i).find((other) => contentText(other.labels) === contentText(labels));
        if (twin === undefined) return [];
        const message = `versions ${twin.name} and ${name} of service ${key} have the same labels`;
        return [errorAt(at, { code: "version-labels", message, hint })];
      }),
    ),
};
