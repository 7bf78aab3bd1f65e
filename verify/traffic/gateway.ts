import { isHttpRoute, type Gateway } from "../../mesh/intent/types";
import { isAllowed, principalOf } from "../expect/access";
import type { Request } from "../envoy/match";
import { probesOf, ruleFor } from "../expect/routing";
import type { Finding, Outcome } from "../types";
import { describeAnswer, isAnswered, isDenied, NO_ANSWER, type Answer } from "./answer";
import { sendDirectly } from "./direct";
import type { Ground, LivePod } from "./ground";

const UNKNOWN_HOST = "nobody.meshwright.invalid";

interface Knock {
  readonly where: string;
  readonly what: string;
  readonly wanted: "an answer of the application" | "404" | "403";
  readonly send: () => Promise<Answer>;
}

/** Through each gateway that really runs: a request by every rule is answered by the application, an unknown host gets 404. */
export async function gateway(ground: Ground): Promise<Outcome> {
  const knocks = ground.expected.intent.gateways.flatMap((one) => knocksAt(ground, one));
  const answers = await Promise.all(knocks.map((knock) => knock.send()));
  const seen = knocks.map((knock, at) => ({
    knock,
    answer: answers[at] ?? NO_ANSWER,
  }));
  const findings = seen
    .filter(({ knock, answer }) => !meets(knock, answer))
    .map(({ knock, answer }): Finding => ({
      where: knock.where,
      message: `${knock.what} should get ${knock.wanted}, but got ${describeAnswer(answer)}`,
    }));
  const figures = Object.fromEntries(
    seen.map(({ knock, answer }) => [`${knock.where} ${knock.what}`, answer.status]),
  );
  return { figures, findings };
}

function meets(knock: Knock, answer: Answer): boolean {
  switch (knock.wanted) {
    case "404":
      return answer.status === 404 && !isAnswered(answer);
    case "403":
      return isDenied(answer);
    case "an answer of the application":
      return isAnswered(answer) && answer.status < 500;
  }
}

function knocksAt(ground: Ground, one: Gateway): Knock[] {
  const place = ground.expected.gateways.find((candidate) => candidate.name === one.name);
  const pod = ground.pods.find(
    (p) =>
      p.role === "router" && p.namespace === place?.namespace && p.serviceAccount === place.serviceAccount,
  );
  const listener = one.listeners.find(({ protocol }) => protocol === "http");
  if (pod === undefined || listener === undefined) return [];
  const base = { method: "GET", path: "/", headers: {}, query: {}, port: listener.port };
  const knock = (request: Request, wanted: Knock["wanted"]): Knock => ({
    ...{ where: `gateway ${one.name}`, wanted },
    what: `${request.method} http://${request.host}${request.path}`,
    send: () => sendThrough(pod, request),
  });
  const routed = routesOf(ground, one.name).flatMap(({ host, routes }) =>
    probesOf(routes, { ...base, host }).flatMap((request) => {
      const rule = ruleFor(routes, request);
      if (rule === undefined) return [];
      return [
        knock(
          request,
          allowedAll(ground, pod, { request, services: rule.backends.map((b) => b.service) })
            ? "an answer of the application"
            : "403",
        ),
      ];
    }),
  );
  const anyHost = one.listeners.some((l) => l.hosts.includes("*"));
  return [...routed, ...(anyHost ? [] : [knock({ ...base, host: UNKNOWN_HOST }, "404")])];
}

function routesOf(ground: Ground, name: string) {
  const mine = ground.expected.intent.routes
    .filter(isHttpRoute)
    .flatMap((route) =>
      route.for.kind === "gateway" && route.for.gateway === name ? [{ route, hosts: route.for.hosts }] : [],
    );
  const hosts = [...new Set(mine.flatMap((r) => r.hosts))].filter((host) => !host.includes("*"));
  return hosts.map((host) => ({
    host,
    routes: mine.filter((r) => r.hosts.includes(host)).map((r) => r.route),
  }));
}

function allowedAll(
  ground: Ground,
  pod: LivePod,
  to: { request: Request; services: readonly string[] },
): boolean {
  const principal = principalOf(ground.expected, pod);
  const services = ground.expected.intent.services.filter((service) => to.services.includes(service.key));
  return services.every((service) => {
    const [port] = service.ports;
    return isAllowed(ground.expected, service, { ...to.request, principal, port: port?.targetPort ?? 0 });
  });
}

function sendThrough(pod: LivePod, { host, path, method, headers, query, port }: Request): Promise<Answer> {
  const search = new URLSearchParams(query).toString();
  return sendDirectly({
    ...{ host: pod.ip, port, method, by: { kind: "plain" } },
    path: `${path}${search === "" ? "" : `?${search}`}`,
    headers: { ...headers, host },
  });
}
