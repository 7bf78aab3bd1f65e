import { readFileSync } from "node:fs";
import { join } from "node:path";
import { NO_ANSWER, type Answer } from "./answer";
import { runIn, type Ground, type LivePod } from "./ground";

export interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: { readonly [name: string]: string };
}

const AT_ONCE = 8;
let program: string | undefined;

/**
 * Sends requests as a workload does: from its container, by its user, so that its proxy captures them. Answers in
 * order; where the container cannot run a command, each of them says so.
 */
export async function sendAs(
  ground: Ground,
  pod: LivePod,
  requests: readonly Sent[],
): Promise<readonly Answer[]> {
  program ??= readFileSync(join(__dirname, "send.cjs"), "utf8");
  const input = JSON.stringify({ requests, atOnce: AT_ONCE });
  try {
    return JSON.parse(
      await runIn(ground, pod, { argv: ["node", "-e", program], input }),
    ) as readonly Answer[];
  } catch (error) {
    return requests.map(() => ({ ...NO_ANSWER, error: (error as Error).message }));
  }
}
