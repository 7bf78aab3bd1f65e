// Tools of `npm run prove` alone.
import type { ToolSpec } from "./spec";

/** Under the BUSL, which lets it be run: our proofs do, nothing else here needs it, and no code of it is used. */
export const prove: readonly ToolSpec[] = [
  {
    name: "consul",
    version: "1.22.3",
    purpose: "the agent that plans for Consul are proved with",
    accepts: ">=1.22.0 <1.23.0",
    versionArgs: ["version"],
    on: ["linux", "darwin"],
    // Its releases are ZIP archives, which are not read here.
    sources: [
      {
        kind: "go",
        goModule: "consul",
        package: "github.com/hashicorp/consul",
        module: "github.com/hashicorp/consul",
        moduleVersion: "v1.22.3",
      },
    ],
  },
];
