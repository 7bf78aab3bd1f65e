import type { Access, Caller, Operation, Service } from "../../mesh/intent/types";
import type { Request } from "../envoy/match";
import type { Expected } from "../types";

/** The SPIFFE id of a service account. */
export function principalOf(
  expected: Expected,
  account: { namespace: string; serviceAccount: string },
): string {
  return `spiffe://${expected.intent.mtls.trustDomain}/ns/${account.namespace}/sa/${account.serviceAccount}`;
}

/** Whether the intent lets a request through to a service: a deny wins, then any allow, then the default. */
export function isAllowed(expected: Expected, service: Service, request: Request): boolean {
  const entries = expected.intent.access.filter((entry) => entry.to.service === service.key);
  const applies = (entry: Access) =>
    concernsPort(entry, service, request.port) &&
    (entry.from.length === 0 || entry.from.some((caller) => isCaller(expected, caller, request))) &&
    // Requests here carry no token.
    entry.jwt === undefined &&
    (entry.operations.length === 0 || entry.operations.some((operation) => isOperation(operation, request)));
  if (entries.some((entry) => entry.action === "deny" && applies(entry))) return false;
  const allows = entries.filter((entry) => entry.action === "allow");
  if (allows.some(applies)) return true;
  return allows.length === 0 && expected.intent.authorization.default === "allow";
}

function concernsPort(entry: Access, service: Service, targetPort: number): boolean {
  if (entry.to.ports.length === 0) return true;
  return service.ports.some((p) => p.targetPort === targetPort && entry.to.ports.includes(p.port));
}

function isCaller(expected: Expected, caller: Caller, request: Request): boolean {
  switch (caller.kind) {
    case "service": {
      const service = expected.intent.services.find((s) => s.key === caller.service);
      return service !== undefined && request.principal === principalOf(expected, service);
    }
    case "gateway": {
      const gateway = expected.gateways.find((g) => g.name === caller.gateway);
      return gateway !== undefined && request.principal === principalOf(expected, gateway);
    }
    case "namespace":
      return request.principal?.includes(`/ns/${caller.namespace}/sa/`) === true;
    case "principal":
      return request.principal === caller.principal;
    case "ipBlocks":
      // Where pods lie is not known before they run.
      return false;
  }
}

function isOperation(operation: Operation, request: Request): boolean {
  const method = operation.methods.length === 0 || operation.methods.includes(request.method);
  return (
    method && (operation.paths.length === 0 || operation.paths.some((path) => isPath(path, request.path)))
  );
}

function isPath(pattern: string, path: string): boolean {
  if (pattern === "*") return true;
  if (pattern.endsWith("*")) return path.startsWith(pattern.slice(0, -1));
  if (pattern.startsWith("*")) return path.endsWith(pattern.slice(1));
  return path === pattern;
}
