import { isHttpLike, type Operation, type Service, type ServicePort } from "../../mesh/intent/types";
import type { Request } from "../envoy/match";
import type { Expected } from "../types";
import { principalOf } from "./access";

const METHODS = ["GET", "POST", "DELETE"];
const UNKNOWN_PATH = "/meshwright-probe";

/**
 * Requests that tell one set of access rules from another: every identity of the intent and of its gateways, one that
 * nobody has in each namespace, and none at all, with the methods and paths that the intent names for the service and others.
 */
export function accessProbes(expected: Expected, service: Service, port: ServicePort): Request[] {
  const principals = [...callers(expected), undefined];
  const operations = isHttpLike(port.protocol) ? requests(expected, service) : [{ method: "GET", path: "/" }];
  return principals.flatMap((principal) =>
    operations.map(({ method, path }) => ({
      ...{ method, path, headers: {}, query: {} },
      host: `${service.name}.${service.namespace}`,
      port: port.targetPort,
      ...(principal !== undefined && { principal }),
    })),
  );
}

/** An identity that no intent gives anything to. */
export function nobody(expected: Expected, namespace = "meshwright-nowhere"): string {
  return principalOf(expected, { namespace, serviceAccount: "meshwright-nobody" });
}

function callers(expected: Expected): string[] {
  const known = [...expected.intent.services, ...expected.gateways];
  const strangers = [undefined, ...new Set(known.map((k) => k.namespace))].map((namespace) =>
    nobody(expected, namespace),
  );
  const named = expected.intent.access.flatMap((entry) =>
    entry.from.flatMap((caller) => (caller.kind === "principal" ? [caller.principal] : [])),
  );
  return [...new Set([...known.map((account) => principalOf(expected, account)), ...strangers, ...named])];
}

function requests(expected: Expected, service: Service): { method: string; path: string }[] {
  const operations = expected.intent.access
    .filter((entry) => entry.to.service === service.key)
    .flatMap((entry) => entry.operations);
  const methods = [...new Set([...operations.flatMap((o) => o.methods), ...METHODS])];
  const paths = [...new Set([...operations.flatMap(samplePaths), "/", UNKNOWN_PATH])];
  return methods.flatMap((method) => paths.map((path) => ({ method, path })));
}

function samplePaths(operation: Operation): string[] {
  return operation.paths
    .map((path) => path.replace("*", "probe"))
    .map((path) => (path.startsWith("/") ? path : `/${path}`));
}
