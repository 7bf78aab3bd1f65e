import { errorAt, formatPath, type Diagnostic } from "../../lib";
import type { ExternalAuthorization } from "../intent/types";
import type { Rule } from "./types";

export const externalAuthorization: Rule = {
  code: "external-authorization",
  title: "Who is asked about requests has a name of its own, and is not asked about those to itself.",
  check({ intent }) {
    const seen = new Map<string, ExternalAuthorization>();
    return intent.externalAuthorization.flatMap((asked): Diagnostic[] => {
      const { name, service, to, at } = asked;
      const earlier = seen.get(name);
      seen.set(name, earlier ?? asked);
      const found: Diagnostic[] = [];
      if (earlier !== undefined) {
        const message = `${formatPath(earlier.at)} is called ${name} too`;
        found.push(errorAt([...at, "name"], { code: "external-authorization", message, hint: "rename one" }));
      }
      if (to.some((one) => one.service === service)) {
        const message = `${service} would be asked whether it may be asked`;
        const hint = "take it out of to, and protect it by access";
        found.push(errorAt([...at, "to"], { code: "external-authorization", message, hint }));
      }
      return found;
    });
  },
};
