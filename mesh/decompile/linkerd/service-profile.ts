import { present } from "../../../lib";
import type { Backend, RouteRule } from "../../intent/types";
import type { Draft } from "../draft";
import type { Field } from "../field";
import type { Item, Manifests } from "../manifests";
import { positiveDuration, wholeOf } from "../values";

/** Routes of a service by method and path, as they were before the Gateway API. They override its routes. */
export function readServiceProfiles(manifests: Manifests, draft: Draft): void {
  for (const item of manifests.take("linkerd.io", "ServiceProfile")) readProfile(item, draft);
}

function readProfile({ name, spec }: Item, draft: Draft): void {
  const [service = "", namespace = ""] = name.split(".");
  if (namespace === "") {
    spec.lose({ message: `${JSON.stringify(name)} is not the name of a service` });
    return;
  }
  const known = draft.service({ namespace, name: service }, spec.at);
  const overrides = spec
    .get("dstOverrides")
    .items()
    .flatMap((override) => backendOf(override, draft));
  const backends = overrides.length > 0 ? overrides : [{ service: known.key, weight: 1, at: spec.at }];
  const rules = spec
    .get("routes")
    .items()
    .flatMap((route) => ruleOf(route, backends));
  if (rules.length === 0 && overrides.length === 0) return;
  const everything = {
    path: { kind: "prefix" as const, value: "/" },
    headers: [],
    query: [],
    cookies: [],
    at: spec.at,
  };
  const rest: RouteRule = { matches: [everything], backends, mirrors: [], at: spec.at };
  draft.routes.push({
    kind: "http",
    for: { kind: "service", service: known.key },
    rules: [...rules, rest],
    at: spec.at,
  });
}

function ruleOf(route: Field, backends: readonly Backend[]): RouteRule[] {
  route.get("name").accept();
  const condition = route.get("condition");
  const method = condition.get("method").text();
  const regex = condition.get("pathRegex").text();
  if (regex === undefined || condition.unread().length > 0) {
    route.lose({ message: "an intent knows requests by method and path here: this route is left out" });
    return [];
  }
  const retried = route.get("isRetryable").flag() === true;
  if (retried)
    route
      .get("isRetryable")
      .change("Linkerd retries within its budget here; an intent says how often, and once is taken");
  const match = {
    path: { kind: "regex" as const, value: regex },
    ...present({ method }),
    headers: [],
    query: [],
    cookies: [],
    at: route.at,
  };
  return [
    {
      matches: [match],
      backends,
      mirrors: [],
      ...present({ timeoutMs: positiveDuration(route.get("timeout")) }),
      ...(retried ? { retry: { retries: 1, on: ["5xx" as const] } } : {}),
      at: route.at,
    },
  ];
}

function backendOf(override: Field, draft: Draft): Backend[] {
  const [host = "", port] = (override.get("authority").text() ?? "").split(":");
  const [name = "", namespace = ""] = host.split(".");
  const weight = wholeOf(override.get("weight"), 0, 1_000_000) ?? 1;
  if (namespace === "") return [];
  const { service, version } = draft.backend({ namespace, name }, override.at);
  return [
    {
      service: service.key,
      ...present({ version, port: port === undefined ? undefined : Number(port) }),
      weight,
      at: override.at,
    },
  ];
}
