import { formatDuration, type JsonObject } from "../../../../lib";
import type { HeaderChange, RequestRule, Retry } from "../../../intent/types";
import type { Target } from "./splits";

/** Consul's way to ask for none; left out, Envoy's 15 s hold. */
export const NO_TIMEOUT = "-1s";

/** Where a route leads, and what is done to its requests on the way. */
export function destinationOf(rule: RequestRule, target: Target, rewrite: string | undefined): JsonObject {
  const { timeoutMs, retry, headers } = rule;
  const place = target.kind === "split" ? { service: target.name } : placeOf(target);
  return {
    ...(retry === undefined ? {} : retries(retry)),
    ...(rewrite === undefined ? {} : { prefixRewrite: rewrite }),
    ...modifiers("requestHeaders", headers?.request),
    requestTimeout: timeoutMs === undefined ? NO_TIMEOUT : formatDuration(timeoutMs),
    ...modifiers("responseHeaders", headers?.response),
    ...place,
  };
}

function placeOf({ service, subset }: Target & { kind: "one" }): JsonObject {
  return subset === undefined ? { service } : { service, serviceSubset: subset };
}

/** Retries as ServiceRouter and RouteRetryFilter both name them. */
export function retries({ retries: numRetries, on }: Retry): JsonObject {
  const conditions = on.filter((o) => typeof o === "string");
  const codes = on.filter((o) => typeof o === "number");
  return {
    numRetries,
    ...(conditions.length === 0 ? {} : { retryOn: conditions }),
    ...(codes.length === 0 ? {} : { retryOnStatusCodes: codes }),
  };
}

function modifiers(key: string, change: HeaderChange | undefined): JsonObject {
  if (change === undefined) return {};
  const { set, add, remove } = change;
  const values = {
    ...(set.length === 0 ? {} : { set: Object.fromEntries(set.map((h) => [h.name, h.value])) }),
    ...(add.length === 0 ? {} : { add: Object.fromEntries(add.map((h) => [h.name, h.value])) }),
    ...(remove.length === 0 ? {} : { remove }),
  };
  return Object.keys(values).length === 0 ? {} : { [key]: values };
}
