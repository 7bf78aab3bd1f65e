import { warningAt } from "../../lib";
import type { Backend, GrpcRule, RouteRule } from "../intent/types";
import type { Draft } from "./draft";
import { asGrpc } from "./matches";

/** What is spoken where rules hold: requests of HTTP, calls of gRPC, or both. */
export interface Spoken {
  readonly http: boolean;
  readonly grpc: boolean;
}

export type SaidRules =
  | { readonly kind: "http"; readonly rules: readonly RouteRule[] }
  | { readonly kind: "grpc"; readonly rules: readonly GrpcRule[] };

/**
 * Rules of meshes that have one word for HTTP and gRPC, as routes of the one and of the other. Where both are spoken,
 * rules that lead to gRPC alone are of calls.
 */
export function byProtocol(rules: readonly RouteRule[], spoken: Spoken, draft: Draft): SaidRules[] {
  if (!spoken.grpc) return requests(rules, draft);
  if (!spoken.http) return calls(rules) ?? requests(rules, draft);
  const ofCalls = rules.filter(
    (rule) => rule.backends.every((b) => leadsToGrpc(b, draft)) && asGrpc([rule]) !== undefined,
  );
  return [
    ...requests(
      rules.filter((rule) => !ofCalls.includes(rule)),
      draft,
    ),
    ...(calls(ofCalls) ?? []),
  ];
}

function calls(rules: readonly RouteRule[]): SaidRules[] | undefined {
  const said = asGrpc(rules);
  return said === undefined ? undefined : said.length === 0 ? [] : [{ kind: "grpc", rules: said }];
}

/** Faults of HTTP have its statuses. */
function requests(rules: readonly RouteRule[], { losses }: Draft): SaidRules[] {
  if (rules.length === 0) return [];
  const said = rules.map((rule): RouteRule => {
    const { fault, ...others } = rule;
    if (fault?.abort === undefined || fault.abort.status >= 200) return rule;
    const message = "a fault with a status of gRPC has no place in a route of HTTP requests";
    losses.push(warningAt(rule.at, { code: "lost", message }));
    return fault.delay === undefined ? others : { ...others, fault: { delay: fault.delay } };
  });
  return [{ kind: "http", rules: said }];
}

function leadsToGrpc({ service, port }: Backend, { services }: Draft): boolean {
  const ports = services.get(service)?.ports ?? [];
  const meant = ports.filter((p) => port === undefined || p.port === port);
  return meant.length > 0 && meant.every((p) => p.protocol === "grpc");
}
