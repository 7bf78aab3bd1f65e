import { errorAt, infoAt, type Diagnostic } from "../../../../lib";
import type { Site } from "../site";
import { isStrict } from "./mtls";
import { hasPolicies } from "./waypoints";

/** The one Secret that istiod looks for. */
const CA_SECRET = "cacerts";

/** What an intent asks of policies that Istio cannot do for just these values. */
export function securityFaults(site: Site): Diagnostic[] {
  return [...authorityFaults(site), ...claimFaults(site), ...externalFaults(site), ...plaintextFaults(site)];
}

function authorityFaults({ intent, rootNamespace }: Site): Diagnostic[] {
  const { ca } = intent.mtls;
  if (ca.kind !== "shared-root") return [];
  if (ca.secret !== CA_SECRET) {
    const message = `istiod reads its authority from a Secret called ${CA_SECRET}, not ${ca.secret}`;
    const hint = `call the Secret ${CA_SECRET}`;
    return [errorAt([...ca.at, "secret"], { code: "unsupported-ca-secret", message, hint })];
  }
  const message = `istiod reads the Secret ${rootNamespace}/${CA_SECRET} when it starts, so that it must be there before`;
  return [infoAt(ca.at, { code: "needs-secret", message })];
}

/** Istio takes an asterisk at either end of a value for whatever comes there. */
function claimFaults({ intent }: Site): Diagnostic[] {
  return intent.access.flatMap(({ jwt, at }) =>
    (jwt?.claims ?? []).flatMap(({ name, values }) =>
      values
        .filter((v) => v.startsWith("*") || v.endsWith("*"))
        .map((v) =>
          errorAt([...at, "jwt", "claims", name], {
            code: "unsupported-claim-value",
            message: `Istio would take ${JSON.stringify(v)} for a pattern, and the intent means just this value`,
            hint: "have the claim hold a value without an asterisk at its ends",
          }),
        ),
    ),
  );
}

/** Istio denies everything where two authorizers are to be asked. */
function externalFaults({ intent }: Site): Diagnostic[] {
  const first = new Map<string, string>();
  return intent.externalAuthorization.flatMap(({ name, to, at }) =>
    to.flatMap(({ service }) => {
      const other = first.get(service);
      if (other === undefined) first.set(service, name);
      if (other === undefined) return [];
      const message = `Istio asks one authorizer about requests to ${service}, not both ${other} and ${name}`;
      const hint = "have one of the two ask the other";
      return [errorAt(at, { code: "unsupported-external-authorization", message, hint })];
    }),
  );
}

/** Plaintext goes past waypoints, and so cannot be let in where a waypoint is to say who may. */
function plaintextFaults(site: Site): Diagnostic[] {
  const { intent, waypoint } = site;
  if (waypoint === undefined) return [];
  return intent.services
    .filter((s) => !isStrict(s, intent) && hasPolicies(s, site))
    .map((s) =>
      errorAt(s.at, {
        code: "unsupported-plaintext",
        message: `${s.key} takes plaintext, which passes the waypoint that enforces its policies`,
        hint: "make its mTLS strict, or take its policies out",
      }),
    );
}
