import { parseCluster } from "../envoy/clusters";
import type { Request } from "../envoy/match";
import { summed } from "../envoy/routing";
import { principalOf } from "../expect/access";
import { backendName, formatShares, wantedShares, type Shares } from "../expect/fate";
import { ruleFor } from "../expect/routing";
import type { RouteRule, Service, ServicePort } from "../../mesh/intent/types";
import type { Finding, Outcome } from "../types";
import { describeAnswer, isAnswered } from "./answer";
import { acceptedRange } from "./binomial";
import { runIn, type Ground, type LivePod } from "./ground";
import { calledPorts, requestsBy, routesOf, sentTo } from "./requests";
import { sendAs } from "./sender";

const REQUESTS = 1000;
/** Chance that a right split is called wrong, over all that is counted in one verification. */
const FALSE_ALARM = 1e-6;

/** A rule that splits, a workload that may call by it, and a request that does. */
interface Split {
  readonly service: Service;
  readonly port: ServicePort;
  readonly caller: LivePod;
  readonly request: Request;
  readonly wanted: Shares;
}

/**
 * Sends a thousand requests by each rule that splits, and counts, at the caller's own proxy, the pods that they went
 * to. Each backend's count must lie where a right split's lies but for one chance in a million over all counts.
 */
export async function weights(ground: Ground): Promise<Outcome> {
  const splits = calledPorts(ground.expected).flatMap((called) => splitsOf(ground, called));
  const falseAlarm =
    FALSE_ALARM /
    Math.max(
      1,
      splits.reduce((sum, split) => sum + split.wanted.size, 0),
    );
  const figures: Record<string, string | number> = { "rules that split": splits.length };
  const findings: Finding[] = [];
  for (const split of splits) {
    const { counts, failed } = await count(ground, split);
    const total = [...counts.values()].reduce((sum, n) => sum + n, 0);
    const where = `${split.caller.namespace}/${split.caller.labels["app"] ?? split.caller.name} → ${split.service.key}:${split.port.port}`;
    if (failed !== undefined)
      findings.push({ where, message: `of ${REQUESTS} requests some failed: ${failed}` });
    for (const backend of new Set([...split.wanted.keys(), ...counts.keys()])) {
      const seen = counts.get(backend) ?? 0;
      const range = acceptedRange(total, split.wanted.get(backend) ?? 0, falseAlarm);
      figures[backend] = `${seen} of ${total}, accepted ${range.least} to ${range.most}`;
      if (seen >= range.least && seen <= range.most) continue;
      const message = `${seen} of ${total} requests went to ${backend}; the intent says ${formatShares(split.wanted)}, so ${range.least} to ${range.most}`;
      findings.push({ where, message });
    }
  }
  return { figures: { ...figures, "chance of a false alarm": `at most ${FALSE_ALARM}` }, findings };
}

function splitsOf(ground: Ground, { service, port }: { service: Service; port: ServicePort }): Split[] {
  const routes = routesOf(ground.expected, service, port);
  const splitting = routes.flatMap((route) => route.rules).filter((rule) => rule.backends.length > 1);
  return splitting.flatMap((rule) => callFor(ground, { service, port, rule }) ?? []);
}

function callFor(
  ground: Ground,
  { service, port, rule }: { service: Service; port: ServicePort; rule: RouteRule },
): Split | undefined {
  const routes = routesOf(ground.expected, service, port);
  for (const caller of ground.pods.filter((pod) => pod.role === "sidecar")) {
    const { allowed } = requestsBy(ground.expected, principalOf(ground.expected, caller), { service, port });
    const request = allowed.find((candidate) => ruleFor(routes, candidate) === rule);
    if (request !== undefined)
      return { service, port, caller, request, wanted: wantedShares(routes, request) };
  }
  return undefined;
}

async function count(ground: Ground, { service, port, caller, request }: Split) {
  const before = await sentSoFar(ground, caller);
  const answers = await sendAs(
    ground,
    caller,
    Array.from({ length: REQUESTS }, () => sentTo(service, port, request)),
  );
  const after = await sentSoFar(ground, caller);
  const grown = [...after].map(([cluster, n]) => [cluster, n - (before.get(cluster) ?? 0)] as const);
  const counts = summed(grown.flatMap(([cluster, n]) => ofService(cluster, service, n)));
  const failure = answers.find((answer) => !isAnswered(answer));
  return { counts, failed: failure && describeAnswer(failure) };
}

function ofService(cluster: string, service: Service, n: number): [string, number][] {
  const target = parseCluster(cluster);
  if (target?.service !== service.key) return [];
  return [[backendName(target.service, target.port, target.subset === "" ? undefined : target.subset), n]];
}

/** Requests that a pod's proxy has sent, by cluster: `<cluster>::<address>::rq_total::<n>` in Envoy's admin interface. */
async function sentSoFar(ground: Ground, pod: LivePod): Promise<Map<string, number>> {
  const text = await runIn(ground, pod, {
    container: "istio-proxy",
    argv: ["pilot-agent", "request", "GET", "clusters"],
  });
  const lines = text.matchAll(/^(.+?)::[^:]+(?::\d+)?::rq_total::(\d+)$/gm);
  return summed([...lines].map(([, cluster = "", n]) => [cluster, Number(n)] as const));
}
