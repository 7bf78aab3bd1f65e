import { errorAt, suggestions } from "../../lib";
import { serviceReferences } from "../intent/references";
import type { Rule } from "./types";

export const unknownService: Rule = {
  code: "unknown-service",
  title: "Every service that an intent names is one of the intent's services.",
  check({ intent, lookup }) {
    const suggest = suggestions(lookup.serviceKeys());
    return serviceReferences(intent)
      .filter(({ name }) => lookup.service(name) === undefined)
      .map(({ name, at }) =>
        errorAt(at, {
          code: "unknown-service",
          message: `there is no service ${JSON.stringify(name)} in this intent`,
          hint: suggest(name),
        }),
      );
  },
};
