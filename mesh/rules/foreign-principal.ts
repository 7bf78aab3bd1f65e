import { warningAt } from "../../lib";
import type { Rule } from "./types";

export const foreignPrincipal: Rule = {
  code: "foreign-principal",
  title: "Identities that access names are of the mesh's own trust domain.",
  check({ intent: { access, mtls, federation } }) {
    // Clusters of a federation may have trust domains of their own.
    if (federation !== undefined) return [];
    const own = `spiffe://${mtls.trustDomain}/`;
    return access.flatMap(({ from }) =>
      from.flatMap((caller) =>
        caller.kind !== "principal" || caller.principal.startsWith(own)
          ? []
          : [
              warningAt([...caller.at, "principal"], {
                code: "foreign-principal",
                message: `no workload of this mesh has this identity: its trust domain is ${mtls.trustDomain}`,
                hint: `identities of this mesh begin with ${own}`,
              }),
            ],
      ),
    );
  },
};
