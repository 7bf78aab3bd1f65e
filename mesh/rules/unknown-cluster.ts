import { errorAt, suggestions } from "../../lib";
import type { Rule } from "./types";

export const unknownCluster: Rule = {
  code: "unknown-cluster",
  title: "Every cluster that a service names is one of the federation's.",
  check({ intent }) {
    const known = intent.federation?.clusters ?? [];
    const suggest = suggestions(known);
    return intent.services.flatMap(({ clusters, at }) =>
      clusters
        .filter((name) => !known.includes(name))
        .map((name) =>
          errorAt([...at, "clusters"], {
            code: "unknown-cluster",
            message: `there is no cluster ${JSON.stringify(name)} in the federation`,
            hint:
              intent.federation === undefined
                ? "add federation: { trust: shared-root, clusters: { … } }"
                : suggest(name),
          }),
        ),
    );
  },
};
