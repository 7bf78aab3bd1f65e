import { parseArgs } from "node:util";
import { ConsulLab } from "./lab/consul/lab";
import type { Ground } from "./lab/ground";
import { Lab } from "./lab/istio/lab";
import { customResources } from "./lab/istio/installed";
import { seeded } from "./judge/seeded";
import { session } from "./judge/session";
import type { Target } from "../../mesh/types";
import { consulProgram } from "../support/consul/program";

/** Runs inside the laboratory's own network (lab/enter.sh). Prints the report as JSON. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      folder: { type: "string" },
      mesh: { type: "string", default: '{"kind":"istio"}' },
      pairs: { type: "string", default: "300" },
      seed: { type: "string", default: "1" },
      requests: { type: "string", default: "18" },
      mismatches: { type: "string", default: "5" },
      defects: { type: "string" },
      only: { type: "string" },
      channel: { type: "string", default: "standard" },
    },
  });
  const { folder } = values;
  if (folder === undefined) throw new Error("--folder says where the laboratory may write");
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const began = performance.now();
  const mesh = JSON.parse(values.mesh) as { kind: string };
  const ground = await groundFor(mesh.kind, { folder, channel: values.channel });
  log(`the laboratory stands after ${Math.round(performance.now() - began)} ms`);
  const { defects } = values;
  const report =
    defects !== undefined
      ? await seeded(ground, { mesh, target: TARGET, only: defects === "all" ? "" : defects, log })
      : await session(ground, {
          mesh,
          target: TARGET,
          seed: Number(values.seed),
          pairs: Number(values.pairs),
          requestsPerIntent: Number(values.requests),
          mismatches: Number(values.mismatches),
          ...(values.only !== undefined && { only: Number(values.only) }),
          log,
        });
  process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
}

function groundFor(kind: string, { folder, channel }: { folder: string; channel: string }): Promise<Ground> {
  if (kind === "consul") return ConsulLab.start(consulProgram() ?? "consul", folder);
  return Lab.start(folder, customResources(channel === "experimental" ? "experimental" : "standard"));
}

/** A cluster that can all that matters, with stock Envoy as its proxy. */
const TARGET: Target = {
  cluster: {
    kubernetesVersion: "1.36.3",
    proxy: "stock",
    webhooks: { kind: "url", origin: "https://localhost:15017" },
    loadBalancer: true,
    internalLoadBalancer: { "lab.example/internal": "true" },
    gatewayApi: { owner: "us", version: "1.6.0" },
    netAdmin: true,
  },
};

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
