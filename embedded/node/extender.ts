import { createServer, type IncomingMessage } from "node:http";
import type { Pod } from "./k8s";
import { isTiedToNode } from "./pod/simulated";

/** What the scheduler asks: ExtenderArgs of kube-scheduler/extender/v1 (`nodeCacheCapable: true`, so names only). */
interface ExtenderArgs {
  readonly Pod?: Pod;
  readonly NodeNames?: readonly string[] | null;
}

export interface ExtenderFilterResult {
  readonly NodeNames: readonly string[];
  readonly FailedNodes: Readonly<Record<string, string>>;
  readonly Error: string;
}

/** Pods whose images are all known go to the node where they really run, all others to the simulated ones. */
export function filterNodes(
  args: ExtenderArgs,
  node: string,
  unknown: (pod: Pod) => readonly string[],
): ExtenderFilterResult {
  const names = args.NodeNames ?? [];
  if (args.Pod === undefined) return { NodeNames: [], FailedNodes: {}, Error: "the request names no Pod" };
  if (isTiedToNode(args.Pod)) return { NodeNames: names, FailedNodes: {}, Error: "" };
  const images = unknown(args.Pod);
  const fits = (name: string): boolean => (name === node) === (images.length === 0);
  const why =
    images.length === 0
      ? "the pod can really run, this node is simulated"
      : `cannot run ${images.join(", ")}`;
  const failed = names.filter((name) => !fits(name)).map((name) => [name, why] as const);
  return { NodeNames: names.filter(fits), FailedNodes: Object.fromEntries(failed), Error: "" };
}

async function body(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** Serves `POST /filter` of a scheduler extender on loopback. */
export async function startExtender(
  port: number,
  filter: (args: ExtenderArgs) => ExtenderFilterResult,
): Promise<void> {
  const server = createServer((request, response) => {
    const reply = (code: number, value: object): void => {
      response.writeHead(code, { "Content-Type": "application/json" }).end(JSON.stringify(value));
    };
    if (request.method !== "POST" || request.url !== "/filter")
      return reply(404, { Error: "only POST /filter is served" });
    body(request)
      .then((text) => reply(200, filter(JSON.parse(text) as ExtenderArgs)))
      .catch((error: Error) => reply(400, { Error: error.message }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => {
      reject(new Error(`the scheduler extender cannot listen on 127.0.0.1:${port}: ${error.message}`));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
}
