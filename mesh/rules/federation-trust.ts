import { errorAt, warningAt, type Diagnostic } from "../../lib";
import type { Rule } from "./types";

export const federationTrust: Rule = {
  code: "federation-trust",
  title: "Clusters that trust one root get their certificates from it, and there are several.",
  check({ intent: { federation, mtls } }) {
    if (federation === undefined) return [];
    const found: Diagnostic[] = [];
    if (federation.trust === "shared-root" && mtls.ca.kind === "mesh") {
      const message =
        "each cluster's mesh would sign with a root of its own, and the clusters trust a shared one";
      const hint = "set mtls.ca, as in { kind: shared-root, secret: cacerts }";
      found.push(errorAt([...federation.at, "trust"], { code: "federation-trust", message, hint }));
    }
    if (federation.clusters.length < 2) {
      const message = "a federation of fewer than two clusters joins nothing";
      found.push(
        warningAt([...federation.at, "clusters"], {
          code: "federation-trust",
          message,
          hint: "name every cluster of it",
        }),
      );
    }
    return found;
  },
};
