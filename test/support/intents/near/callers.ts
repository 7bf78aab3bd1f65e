import type { JwtCondition, NormalizedIntent, Service } from "../../../../mesh/intent/types";
import { outcome, type Client, type Outcome, type Request, type Token } from "../../../../mesh/semantics";

type Asked = Pick<Request, "to" | "call">;

/** The request by somebody who is let in with it, with a token if it takes one; by anybody where nobody is. */
export function welcomed(asked: Asked, intent: NormalizedIntent): Request {
  const froms: Client[] =
    asked.to.kind === "gateway" ? [{ kind: "unmeshed", address: "10.1.2.3" }] : callersIn(intent);
  const tokens = [undefined, ...tokensIn(intent)];
  const all = froms.flatMap((from) =>
    tokens.map((token): Request => ({ ...asked, from, ...(token === undefined ? {} : { token }) })),
  );
  const best = all.find((request) => getsThrough(outcome(intent, request)));
  return best ?? all[0] ?? { ...asked, from: { kind: "unmeshed" } };
}

function getsThrough(result: Outcome): boolean {
  if (result.kind === "forwarded") return result.backends.every((b) => b.verdict.admitted);
  return result.kind === "redirected" || result.kind === "aborted" || result.kind === "notFound";
}

/** Every service that has pods, through its proxy. */
export function callersIn({ services }: NormalizedIntent): Client[] {
  return services
    .filter((s) => s.workloads === "kubernetes")
    .map((s): Client => ({ kind: "service", service: s.key, address: "10.1.2.3" }));
}

/** The tokens that some access asks for. */
function tokensIn({ access, jwtProviders }: NormalizedIntent): Token[] {
  const asked = access.flatMap((a) => (a.jwt === undefined ? [] : [tokenOf(a.jwt)]));
  return [...asked, ...jwtProviders.map(({ name }) => tokenOf({ provider: name, claims: [] }))];
}

/** One that meets the condition. */
export function tokenOf({ provider, claims }: JwtCondition): Token {
  const entries = claims.map(({ name, values }) => [name, values[0] ?? ""] as const);
  return { provider, validity: "valid", claims: Object.fromEntries(entries) };
}

export function identityOf(
  { namespace, serviceAccount }: Pick<Service, "namespace" | "serviceAccount">,
  { mtls }: NormalizedIntent,
): string {
  return `spiffe://${mtls.trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}
