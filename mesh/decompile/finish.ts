import { byText, groupBy } from "../../lib";
import type { NormalizedIntent, RequestRule, Route, Service } from "../intent/types";
import type { Draft, DraftService } from "./draft";

/** The draft as a whole intent. Services that nobody gave a port get the one that guesses take: 80, HTTP. */
export function finish(draft: Draft): NormalizedIntent {
  const services = [...draft.services.values()].sort((a, b) => byText(a.key, b.key));
  const sharing = groupBy(services, (s) => `${s.namespace}/${s.serviceAccount}`);
  const { mode, trustDomain, overrides, ca, egress, external } = draft;
  return {
    mtls: { mode, trustDomain, overrides, ca },
    authorization: { default: draft.authorization },
    services: services.map((service) =>
      serviceOf(service, (sharing.get(`${service.namespace}/${service.serviceAccount}`) ?? []).length > 1),
    ),
    routes: draft.routes.map((route) => withBudget(route, draft)),
    access: draft.access,
    jwtProviders: draft.jwtProviders,
    externalAuthorization: draft.externalAuthorization,
    gateways: [...draft.gateways.values()].map(({ name, exposure, listeners, at }) => ({
      name,
      exposure,
      listeners,
      at,
    })),
    ...(egress === undefined && external.length === 0
      ? {}
      : { egress: { default: egress ?? "allow", external, at: [] } }),
    ...(draft.telemetry === undefined ? {} : { telemetry: draft.telemetry }),
    rollouts: draft.rollouts,
    degrade: [],
    raw: [],
  };
}

/** Rules that retry get the budget of the services that they lead to. */
function withBudget(route: Route, { services }: Draft): Route {
  const changed = <R extends RequestRule>(rule: R): R => {
    const budgets = rule.backends.flatMap((b) => services.get(b.service)?.retryBudget ?? []);
    const [budgetPercent] = budgets;
    if (rule.retry === undefined || budgetPercent === undefined) return rule;
    return { ...rule, retry: { ...rule.retry, budgetPercent } };
  };
  if (route.kind === "http") return { ...route, rules: route.rules.map(changed) };
  return route.kind === "grpc" ? { ...route, rules: route.rules.map(changed) } : route;
}

function serviceOf(service: DraftService, shares: boolean): Service {
  const ports =
    service.ports.length === 0 ? [{ port: 80, targetPort: 80, protocol: "http" as const }] : service.ports;
  return {
    ...service,
    sharesServiceAccount: shares,
    ports: ports.map(({ port, targetPort, protocol }) => ({ port, targetPort, protocol })),
  };
}
