import type { Account } from "./options";
import type { Site } from "./site";

/** The identity of the pods behind a gateway; undefined where nobody carries gateways. */
export function accountOf(gateway: string, { options }: Site): Account | undefined {
  if (options.gateways === undefined) return undefined;
  const { className, namespace, identity } = options.gateways;
  return identity ?? { namespace, serviceAccount: `${gateway}-${className}` };
}
