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
}

const TITLES = {
  "traffic-calls": "calls that the intent allows are answered, over mTLS",
  "traffic-denied": "calls that it does not allow are refused",
  "traffic-plaintext": "plaintext is refused",
  "traffic-certificates": "a foreign certificate, or none, is refused",
  "traffic-weights": "requests are split as asked",
  "traffic-gateway": "the gateway lets in what it should",
} as const;
type TrafficId = keyof typeof TITLES;

/** Proxies take a moment to apply what istiod has just pushed. */
const ATTEMPTS = 3;
const PAUSE_MS = 2000;

/** Every check by requests that are really sent, from and to the workloads that really run. Changes nothing. */
export async function traffic(
  request: TrafficRequest,
  progress: (line: string) => void,
): Promise<VerifiedCheck[]> {
  const { cluster, kube, expected, reach } = request;
  const pods = await livePods(cluster, kube, expected);
  if (!pods.some((pod) => pod.services.length > 0))
    return trafficSkipped("no workload of the intent really runs");
  const ground: Ground = {
    cluster,
    kube,
    expected,
    pods,
    istiod: await findIstiod(kube, expected.rootNamespace, reach),
  };
  progress(`sending requests from and to ${pods.length} pods`);
  let last = await attempt(ground);
  for (let count = 1; count < ATTEMPTS && last.some((check) => check.status === "failed"); count++) {
    progress("some requests did not go as they should: trying again");
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
  const between = await calls(ground);
  const { intent } = ground.expected;
  const splits = intent.routes.some(
    (route) => route.for.kind === "service" && route.rules.some((rule) => rule.backends.length > 1),
  );
  return [
    judged("traffic-calls", between.allowed),
    judged("traffic-denied", between.denied),
    judged("traffic-plaintext", await plaintext(ground)),
    judged("traffic-certificates", await certificates(ground)),
    splits
      ? judged("traffic-weights", await weights(ground))
      : skipped("traffic-weights", "no rule of the intent splits"),
    intent.gateways.length > 0
      ? judged("traffic-gateway", await gateway(ground))
      : skipped("traffic-gateway", "the intent has no gateway"),
  ];
}

function judged(id: TrafficId, { figures, findings }: Outcome): VerifiedCheck {
  return { id, title: TITLES[id], status: findings.length > 0 ? "failed" : "passed", figures, findings };
}

function skipped(id: TrafficId, reason: string): VerifiedCheck {
  return { id, title: TITLES[id], status: "skipped", reason, figures: {}, findings: [] };
}
