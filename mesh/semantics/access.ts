import { present } from "../../lib";
import {
  isHttpLike,
  type Access,
  type ExternalAuthorization,
  type NormalizedIntent,
  type Operation,
  type Service,
} from "../intent/types";
import { identityOf, names, type Identity } from "./identity";
import { partOf } from "./place";
import { holdsClaims, providersOf, tokenDenial } from "./token";
import type { Denial, Request, Token, Verdict } from "./types";

/** A request or connection at the door of a backend. */
export interface Arrival {
  readonly identity: Identity;
  readonly service: Service;
  /** The Service's. */
  readonly port: number;
  /** As the backend sees it, its path without the query; absent for connections. */
  readonly request?: { readonly method: string; readonly path: string };
  readonly token?: Token;
  readonly externalAuthorization: NonNullable<Request["externalAuthorization"]>;
}

/**
 * Whether a service takes what arrives. In this order: external authorization, a token that is not valid, `deny`,
 * then `allow`; a service with an `allow` takes only what one of them names, any other what the default says.
 */
export function verdictOf(arrival: Arrival, intent: NormalizedIntent): Verdict {
  const { service } = arrival;
  const entries = intent.access.filter((a) => a.to.service === service.key);
  const holding = entries.filter((a) => holds(a, { arrival, entries, intent }));
  const audited = holding.filter((a) => a.action === "audit").map((a) => a.at);
  const status = isRequest(arrival) ? { status: 403 as const } : {};
  const denied = (reason: Denial["reason"], because: Denial["because"]): Denial => ({
    admitted: false,
    ...status,
    reason,
    because,
    audited,
  });

  const refusing = externalDenials(arrival, intent);
  if (refusing.length > 0) return denied("external-authorization", refusing);
  const badToken = isRequest(arrival) ? tokenDenial(arrival.token, { entries, intent }) : undefined;
  if (badToken !== undefined) return { ...denied("token", badToken.because), status: badToken.status };
  const denials = holding.filter((a) => a.action === "deny");
  if (denials.length > 0) return denied("deny", paths(denials));
  const allows = entries.filter((a) => a.action === "allow");
  const allowing = allows.filter((a) => holding.includes(a));
  if (allowing.length > 0) return { admitted: true, because: paths(allowing), audited };
  if (allows.length > 0) return denied("not-allowed", paths(allows));
  const because = [partOf(intent.mtls, ["authorization", "default"])];
  return intent.authorization.default === "deny"
    ? denied("default", because)
    : { admitted: true, because, audited };
}

const paths = (entries: readonly Access[]) => entries.map((a) => a.at);

interface Surroundings {
  readonly arrival: Arrival;
  /** Of the service. */
  readonly entries: readonly Access[];
  readonly intent: NormalizedIntent;
}

/** Whether an entry names what arrives. What it says of requests holds for none that are not. */
function holds(entry: Access, { arrival, entries, intent }: Surroundings): boolean {
  const { to, from, operations, jwt } = entry;
  const { identity, token, port } = arrival;
  return (
    (to.ports.length === 0 || to.ports.includes(port)) &&
    (from.length === 0 || from.some((caller) => names(caller, identity, intent))) &&
    operationsHold(operations, arrival) &&
    (jwt === undefined ||
      (isRequest(arrival) && holdsClaims(token, jwt) && providersOf(entries).has(jwt.provider)))
  );
}

function isRequest({ service, port, request }: Arrival): boolean {
  const protocol = service.ports.find((p) => p.port === port)?.protocol;
  return request !== undefined && protocol !== undefined && isHttpLike(protocol);
}

function operationsHold(operations: readonly Operation[], arrival: Arrival): boolean {
  if (operations.length === 0) return true;
  const { request } = arrival;
  if (request === undefined || !isRequest(arrival)) return false;
  return operations.some(
    ({ methods, paths }) =>
      (methods.length === 0 || methods.includes(request.method)) &&
      (paths.length === 0 || paths.some((path) => accessPathMatches(path, request.path))),
  );
}

/** Access tells paths by their characters, unlike routes: `/a*` holds for `/ab`. */
function accessPathMatches(pattern: string, path: string): boolean {
  if (pattern.startsWith("*")) return path.endsWith(pattern.slice(1));
  if (pattern.endsWith("*")) return path.startsWith(pattern.slice(0, -1));
  return path === pattern;
}

/** The external authorizations that are asked and keep the request out. They are asked about requests only. */
function externalDenials(arrival: Arrival, intent: NormalizedIntent): Denial["because"] {
  if (!isRequest(arrival)) return [];
  return intent.externalAuthorization
    .filter(({ to }) =>
      to.some((t) => t.service === arrival.service.key && operationsHold(t.operations, arrival)),
    )
    .filter((asked) => {
      // Over HTTP, the 403 of whoever keeps the question from the authorizer is as good as its own.
      const kept = asked.protocol === "http" ? "deny" : "unreachable";
      const answer = reaches(asked, arrival, intent) ? arrival.externalAuthorization : kept;
      return answer === "deny" || (answer === "unreachable" && !asked.failOpen);
    })
    .map(({ at }) => at);
}

/** Whether the authorizer lets itself be asked: it is called as any service is, by the one that the request is for. */
function reaches(
  asked: ExternalAuthorization,
  { service, request }: Arrival,
  intent: NormalizedIntent,
): boolean {
  const authorizer = intent.services.find((s) => s.key === asked.service);
  if (authorizer === undefined) return false;
  const question = asked.protocol === "grpc" ? { method: "POST", path: CHECK } : request;
  const arrival: Arrival = {
    identity: identityOf({ kind: "service", service: service.key }, intent),
    service: authorizer,
    port: asked.port ?? authorizer.ports[0]?.port ?? 0,
    externalAuthorization: "allow",
    ...present({ request: question }),
  };
  return verdictOf(arrival, { ...intent, externalAuthorization: [] }).admitted;
}

const CHECK = "/envoy.service.auth.v3.Authorization/Check";
