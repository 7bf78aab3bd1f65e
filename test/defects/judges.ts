import type { Defect } from "./defect";

/** Arguments of jest that run the tests of a judge. */
export function testsOf({ mesh, judge }: Pick<Defect, "mesh" | "judge">): readonly string[] {
  switch (judge) {
    // What an intent means for random requests, against what the mesh makes of the plan by its own source.
    case "meaning":
      return [`test/unit/mesh/${mesh}/meaning.test.ts`];
    // What a mesh makes of the least intent for each capability.
    case "cells":
      return ["test/contract/capability-cases.test.ts", "-t", `^${CELLS[mesh] ?? mesh}`];
    case "golden":
      return ["test/golden/plans.test.ts", "-t", `^${GOLDEN[mesh] ?? mesh}-`];
    case "unit":
      return [`test/unit/mesh/${mesh}/`, "--testPathIgnorePatterns=meaning"];
  }
}

const CELLS: { readonly [mesh: string]: string } = {
  consul: "consul-kubernetes",
  "app-mesh": "app-mesh-eks",
};
const GOLDEN: { readonly [mesh: string]: string } = { "cloud-service-mesh": "csm" };
