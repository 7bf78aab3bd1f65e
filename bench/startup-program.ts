import type * as pulumi from "@pulumi/pulumi";
import { setMocks } from "@pulumi/pulumi/runtime/mocks";
import * as settings from "@pulumi/pulumi/runtime/settings";

// Loads a stack's program as the engine would, and prints how long after the start of the process (ms) it asked for its
// first resource, for its first Kubernetes object, and how many resources it asked for in all.
const [program = "", stack = "local"] = process.argv.slice(2);
const asked: { readonly type: string; readonly at: number }[] = [];

async function main(): Promise<void> {
  const mocks: pulumi.runtime.Mocks = {
    newResource({ type, name, inputs }) {
      asked.push({ type, at: performance.now() });
      return { id: name, state: inputs as Record<string, unknown> };
    },
    call: () => ({}),
  };
  await setMocks(mocks, "meshwright", stack, false);
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const loaded = require(program) as unknown;
  if (typeof loaded === "function") await (loaded as () => Promise<unknown>)();
  await (settings as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
  const object = asked.find(({ type }) => type.startsWith("kubernetes:"));
  console.log(JSON.stringify({ first: asked[0]?.at, object: object?.at, resources: asked.length }));
}

void main();
