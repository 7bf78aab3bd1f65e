import { errorAt, suggestions } from "../../lib";
import { gatewayReferences } from "../intent/references";
import type { Rule } from "./types";

export const unknownGateway: Rule = {
  code: "unknown-gateway",
  title: "Every gateway that an intent names is one of the intent's gateways.",
  check({ intent, lookup }) {
    const suggest = suggestions(lookup.gatewayNames());
    return gatewayReferences(intent)
      .filter(({ name }) => lookup.gateway(name) === undefined)
      .map(({ name, at }) =>
        errorAt(at, {
          code: "unknown-gateway",
          message: `there is no gateway ${JSON.stringify(name)} in this intent`,
          hint: suggest(name),
        }),
      );
  },
};
