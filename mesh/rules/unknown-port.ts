import { errorAt } from "../../lib";
import { portReferences } from "../intent/references";
import type { Rule } from "./types";

export const unknownPort: Rule = {
  code: "unknown-port",
  title: "Every port that an intent names is one of the service's ports.",
  check: ({ intent, lookup }) =>
    portReferences(intent).flatMap(({ service, port, at }) => {
      const ports = lookup.service(service)?.ports.map((p) => p.port);
      if (ports === undefined || ports.includes(port)) return [];
      return [
        errorAt(at, {
          code: "unknown-port",
          message: `service ${service} has no port ${port}`,
          hint: `its ports: ${ports.join(", ")}`,
        }),
      ];
    }),
};
