import { errorAt, suggestions } from "../../lib";
import type { Rule } from "./types";

export const unknownJwtProvider: Rule = {
  code: "unknown-jwt-provider",
  title: "Every provider of tokens that access names is one of jwtProviders.",
  check({ intent }) {
    const known = new Set(intent.jwtProviders.map(({ name }) => name));
    const suggest = suggestions([...known]);
    return intent.access.flatMap(({ jwt, at }) =>
      jwt === undefined || known.has(jwt.provider)
        ? []
        : [
            errorAt([...at, "jwt", "provider"], {
              code: "unknown-jwt-provider",
              message: `there is no provider of tokens ${JSON.stringify(jwt.provider)} in this intent`,
              hint: `add it to jwtProviders; ${suggest(jwt.provider)}`,
            }),
          ],
    );
  },
};
