import { groupBy, warningAt, type Diagnostic } from "../../lib";
import type { Access, Operation, Service } from "../intent/types";
import type { Rule } from "./types";

export const healthCheckLockout: Rule = {
  code: "health-check-lockout",
  title: "Whoever may call a service may also ask for its health check.",
  check({ intent }) {
    const allows = groupBy(
      intent.access.filter(({ action }) => action === "allow"),
      ({ to }) => to.service,
    );
    return intent.services.flatMap((service) => lockedOut(service, allows.get(service.key) ?? []));
  },
};

/** Probes come from the proxies of callers, so with their identity. */
function lockedOut(service: Service, allows: readonly Access[]): Diagnostic[] {
  const { healthCheck, at } = service.traffic;
  if (healthCheck === undefined || allows.length === 0) return [];
  if (allows.some((allow) => admits(allow, healthCheck.path))) return [];
  return [
    warningAt([...at, "healthCheck", "path"], {
      code: "health-check-lockout",
      message: `no access to ${service.key} allows GET ${healthCheck.path}, so its endpoints would all seem to fail`,
      hint: `add to the operations of its allows: { methods: [GET], paths: [${healthCheck.path}] }`,
    }),
  ];
}

function admits({ operations, jwt }: Access, path: string): boolean {
  if (jwt !== undefined) return false;
  return operations.length === 0 || operations.some((operation) => covers(operation, path));
}

function covers({ methods, paths }: Operation, path: string): boolean {
  if (methods.length > 0 && !methods.includes("GET")) return false;
  return paths.length === 0 || paths.some((pattern) => matches(pattern, path));
}

function matches(pattern: string, path: string): boolean {
  if (pattern.endsWith("*")) return path.startsWith(pattern.slice(0, -1));
  return pattern.startsWith("*") ? path.endsWith(pattern.slice(1)) : path === pattern;
}
