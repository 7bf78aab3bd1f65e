import { errorAt, type Diagnostic, type FieldPath } from "../../lib";
import type { RequestRule } from "../intent/types";
import { usedVersions, versionServiceName } from "./backends";
import { cookieFaults } from "./cookie-header";
import { orderFaults } from "./order-faults";
import { behindRegexes, byTarget, type Entry } from "./targets";
import type { RouteSite } from "./types";

const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];
const PATH = /^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/;
const NOT_IN_PATH = /\/\/|\/\.\.?(\/|$)|%2f|#/i;
const VALUE = /^[!-~]+([\t ]?[!-~]+)*$/;
const MOST = 16;

/** What an intent says that the objects of the Gateway API have no place for, though they do such things. */
export function gatewayApiFaults(site: RouteSite): Diagnostic[] {
  const targets = byTarget(site).map((t) => t.entries);
  // A route of several hosts is there for each of them.
  const entries = [
    ...new Map(targets.flatMap((t) => t.map((e) => [e.grpc ?? e.match, e] as const))).values(),
  ];
  const rules = [...new Set(entries.map((e) => e.rule))];
  return [
    ...entries.flatMap(matchFaults),
    ...rules.flatMap(ruleFaults),
    ...(site.dialect.regex === "last" ? targets.map(behindRegexes).flatMap(orderFaults) : []),
    ...versionFaults(site),
  ];
}

function matchFaults({ match, grpc }: Entry): Diagnostic[] {
  const { path, method, headers, query, at } = match;
  const badPath =
    grpc === undefined && path.kind !== "regex" && (!PATH.test(path.value) || NOT_IN_PATH.test(path.value));
  const odd = headers.filter((h) => !VALUE.test(h.match.value));
  return [
    ...cookieFaults(match),
    ...(badPath
      ? [fault([...at, "path"], `the path ${JSON.stringify(path.value)} cannot stand in a route`)]
      : []),
    ...(method === undefined || METHODS.includes(method)
      ? []
      : [fault([...at, "method"], `the Gateway API has no method ${method}`)]),
    ...odd.map((h) => fault([...at, "headers", h.name], `the value of ${h.name} cannot stand in a route`)),
    ...(headers.length < MOST && query.length <= MOST
      ? []
      : [fault(at, `a match has room for fewer than ${MOST} headers and ${MOST} query parameters`)]),
  ];
}

function ruleFaults(rule: RequestRule): Diagnostic[] {
  const { headers, at, backends } = rule;
  const changes = headers === undefined ? [] : [headers.request, headers.response];
  const values = changes.flatMap((c) => [...c.set, ...c.add]).filter((v) => !VALUE.test(v.value));
  const many = changes.some((c) => [c.set, c.add, c.remove].some((list) => list.length > MOST));
  return [
    ...values.map((v) => fault([...at, "headers"], `the value of ${v.name} cannot stand in a route`)),
    ...(many ? [fault([...at, "headers"], `a rule has room for ${MOST} headers of each kind`)] : []),
    ...(backends.length > MOST ? [fault(at, `a rule has room for ${MOST} backends`)] : []),
  ];
}

/** Versions become Services of their own, whose names must be free. */
function versionFaults({ intent, lookup }: RouteSite): Diagnostic[] {
  const used = usedVersions(intent);
  return intent.services.flatMap((service) =>
    service.versions
      .filter((v) => used.has(`${service.key} ${v.name}`))
      .flatMap((version) => {
        const name = versionServiceName(service, version.name);
        if (lookup.service(`${service.namespace}/${name}`) === undefined) return [];
        const message = `version ${version.name} of ${service.key} becomes a Service ${name}, and there is a service of that name`;
        return [
          errorAt(version.at, {
            code: "version-name-taken",
            message,
            hint: "rename the version or the service",
          }),
        ];
      }),
  );
}

function fault(at: FieldPath, message: string): Diagnostic {
  return errorAt(at, {
    code: "unsupported-value",
    message,
    hint: "see the limits of the Gateway API's HTTPRoute",
  });
}
