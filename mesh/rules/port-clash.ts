import { errorAt } from "../../lib";
import type { Rule } from "./types";

export const portClash: Rule = {
  code: "port-clash",
  title: "A service lists each of its ports once.",
  check: ({ intent }) =>
    intent.services.flatMap(({ key, ports, at }) =>
      ports
        .filter((p, i) => ports[i - 1]?.port === p.port)
        .map((p) =>
          errorAt([...at, "ports"], {
            code: "port-clash",
            message: `service ${key} lists port ${p.port} twice`,
          }),
        ),
    ),
};
