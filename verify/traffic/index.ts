import { sleep, type KubeClient } from "../../kube";
import { findIstiod } from "../istiod";
import type { Reach } from "../reach";
import type { VerifiedCheck } from "../report";
import type { Expected, Outcome } from "../types";
import { calls } from "./calls";
import { gateway } from "./gateway";
import { livePods, type Ground } from "./ground";
import { certificates, plaintext } from "./refusals";
import { weights } from "./weights";

export interface TrafficRequest {
  /** Name of the embedded cluster. */
  readonly cluster: string;
  readonly kube: KubeClient;
  readonly expected: Expected;
  readonly reach: Reach;
  /** Whether the configuration is right: then requests that go wrong are given a minute to go right. */
  readonly settled: boolean;
}

const TITLES = {
  "traffic-calls": "calls that the intent allows are answered, over mTLS",
  "traffic-denied": "calls that it does not allow are refused",
  "traffic-plaintext": "plaintext is refused",
  "traffic-certificates": "a foreign certificate, or none, is refused; a real one gets what its identity may",
  "traffic-weights": "requests are split as asked",
  "traffic-gateway": "the gateway lets in what it should",
} as const;
type TrafficId = keyof typeof TITLES;

/** Envoy lets connections that are open go on by the rules they began with, for up to 45 s after a change. */
const DRAINED_MS = 60_000;
const PAUSE_MS = 5000;

/** Every check by requests that are really sent, from and to the workloads that really run. Changes nothing. */
export async function traffic(
  request: TrafficRequest,
  progress: (line: string) => void,
): Promise<VerifiedCheck[]> {
  const { cluster, kube, expected, reach, settled } = request;
  const pods = await livePods(cluster, kube, expected);
  if (!pods.some((pod) => pod.services.length > 0))
    return trafficSkipped("no workload of the intent really runs");
  const ground: Ground = {
    cluster,
    kube,
    expected,
    pods,
    istiod: await findIstiod(kube, expected, reach),
  };
  progress(`sending requests from and to ${pods.length} pods`);
  const deadline = Date.now() + (settled ? DRAINED_MS : 0);
  let last = await attempt(ground);
  while (last.some((check) => check.status === "failed") && Date.now() < deadline) {
    progress("some requests did not go as they should: waiting for open connections to end");
    await sleep(PAUSE_MS);
    last = await attempt(ground);
  }
  return last;
}

/** All of them skipped, for one reason. */
export function trafficSkipped(reason: string): VerifiedCheck[] {
  return Object.entries(TITLES).map(([id, title]) => ({
    id,
    title,
    status: "skipped",
    reason,
    figures: {},
    findings: [],
  }));
}

async function attempt(ground: Ground): Promise<VerifiedCheck[]> {
  const between = calls(ground);
  const { intent } = ground.expected;
  const splits = intent.routes.some(
    (route) => route.for.kind === "service" && route.rules.some((rule) => rule.backends.length > 1),
  );
  return [
    await judged("traffic-calls", async () => (await between).allowed),
    await judged("traffic-denied", async () => (await between).denied),
    await judged("traffic-plaintext", () => plaintext(ground)),
    await judged("traffic-certificates", () => certificates(ground)),
    splits
      ? await judged("traffic-weights", () => weights(ground))
      : skipped("traffic-weights", "no rule of the intent splits"),
    intent.gateways.length > 0
      ? await judged("traffic-gateway", () => gateway(ground))
      : skipped("traffic-gateway", "the intent has no gateway"),
  ];
}

/** What cannot be tried has failed: it is not known to hold. */
async function judged(id: TrafficId, tried: () => Promise<Outcome>): Promise<VerifiedCheck> {
  const outcome = await tried().catch((error: unknown): Outcome => ({
    figures: {},
    findings: [{ where: id, message: `it could not be tried: ${(error as Error).message}` }],
  }));
  const { figures, findings } = outcome;
  return { id, title: TITLES[id], status: findings.length > 0 ? "failed" : "passed", figures, findings };
}

function skipped(id: TrafficId, reason: string): VerifiedCheck {
  return { id, title: TITLES[id], status: "skipped", reason, figures: {}, findings: [] };
}
