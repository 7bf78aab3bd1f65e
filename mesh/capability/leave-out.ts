import { groupBy } from "../../lib";
import type { NormalizedIntent, Route, Service } from "../intent/types";
import type { Change, RequestRuleOf } from "./types";

/** The intent made anew by all of the changes, each of which came from the uses of this very intent. */
export function leaveOut(intent: NormalizedIntent, changes: readonly Change[]): NormalizedIntent {
  const services = groupBy(
    changes.flatMap((change) => (change.part === "service" ? [change] : [])),
    ({ of }) => of,
  );
  const rules = groupBy(
    changes.flatMap((change) => (change.part === "rule" ? [change] : [])),
    ({ of }) => of,
  );
  const rollouts = new Set(changes.flatMap((change) => (change.part === "rollout" ? [change.of] : [])));
  const serviceMadeAnew = (service: Service): Service =>
    (services.get(service) ?? []).reduce((made, { apply }) => apply(made), service);
  const ruleMadeAnew = <R extends RequestRuleOf>(rule: R): R =>
    (rules.get(rule) ?? []).reduce((made, { apply }) => apply(made), rule);
  const routeMadeAnew = (route: Route): Route => {
    if (route.kind === "http") return { ...route, rules: route.rules.map(ruleMadeAnew) };
    if (route.kind === "grpc") return { ...route, rules: route.rules.map(ruleMadeAnew) };
    return route;
  };
  const parts: NormalizedIntent = {
    ...intent,
    services: services.size === 0 ? intent.services : intent.services.map(serviceMadeAnew),
    routes: rules.size === 0 ? intent.routes : intent.routes.map(routeMadeAnew),
    rollouts: intent.rollouts.filter((rollout) => !rollouts.has(rollout)),
  };
  return changes.reduce((made, change) => (change.part === "intent" ? change.apply(made) : made), parts);
}
