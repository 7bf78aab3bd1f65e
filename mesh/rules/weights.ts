import { errorAt } from "../../lib";
import type { Rule } from "./types";

export const weights: Rule = {
  code: "weights",
  title: "The weights of a rule's backends add up to more than zero.",
  check: ({ intent }) =>
    intent.routes
      .flatMap((route) => route.rules)
      .filter(({ backends }) => backends.length > 0)
      .filter((rule) => rule.backends.reduce((sum, b) => sum + b.weight, 0) === 0)
      .map((rule) =>
        errorAt([...rule.at, "backends"], {
          code: "weights",
          message: "the weights add up to 0, so no backend would get a request",
          hint: "give at least one backend a weight above 0",
        }),
      ),
};
