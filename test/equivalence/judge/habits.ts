import type { Outcome, Request } from "../../../mesh/semantics";
import type { Bench } from "./bench";

/** OAuth writes several values of these as one text with blanks between. */
const SPACED = ["scope", "permission"];

/** The request as the mesh reads it: where it looks at single values only, without the claims that have several. */
export function read(request: Request, { ground }: Bench): Request {
  const { token } = request;
  if (token === undefined || !ground.habits.singleClaims) return request;
  const single = Object.entries(token.claims).filter(
    ([name, claim]) => typeof claim === "string" && !(SPACED.includes(name) && claim.includes(" ")),
  );
  return { ...request, token: { ...token, claims: Object.fromEntries(single) } };
}

/** The outcome in the mesh's own words: where it has one status for all denials, with that one. */
export function usual(outcome: Outcome, { ground }: Bench): Outcome {
  if (!ground.habits.tokenDenials403) return outcome;
  if (outcome.kind === "denied") return forbidden(outcome);
  if (outcome.kind !== "forwarded") return outcome;
  const backends = outcome.backends.map((backend) => ({
    ...backend,
    verdict: backend.verdict.admitted ? backend.verdict : forbidden(backend.verdict),
  }));
  return { ...outcome, backends };
}

function forbidden<T extends { readonly status?: 401 | 403 }>(denial: T): T {
  return denial.status === 401 ? { ...denial, status: 403 } : denial;
}
