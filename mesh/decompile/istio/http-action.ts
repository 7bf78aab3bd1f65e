import { isDnsLabel, present } from "../../../lib";
import type {
  Backend,
  Fault,
  HeaderChange,
  HeaderChanges,
  Mirror,
  NamedValue,
  Protocol,
  Retry,
  RetryOn,
} from "../../intent/types";
import { GRPC_STATUS, RETRY_WORDS } from "../../intent/words";
import type { Field } from "../field";
import type { Action } from "../first-match";
import { headerChange } from "../headers";
import { percentOf, positiveDuration, wholeOf } from "../values";
import { serviceAt, type Context } from "./context";
import { redirectOf } from "./path-change";

/** Where an entry stands, for the short names in it. */
export interface Surroundings {
  readonly context: Context;
  readonly namespace: string;
  /** What a port carries that only a route tells of; HTTP where absent. */
  readonly carries?: Protocol;
}

/** What an entry of `spec.http` does but for its rewrite; undefined for what no rule can do. */
export function httpAction(entry: Field, around: Surroundings): Action | undefined {
  for (const key of ["delegate", "directResponse"]) {
    if (!entry.get(key).there) continue;
    entry.lose({ message: `${key} has no place in an intent: the whole entry is left out` });
    return undefined;
  }
  const name = nameOf(entry.get("name"));
  const backends = entry
    .get("route")
    .items()
    .flatMap((route) => backendOf(route, around));
  const redirect = redirectOf(entry.get("redirect"));
  if (backends.length === 0 && redirect === undefined) {
    entry.lose({ message: "an entry that leads to no service has no place in an intent" });
    return undefined;
  }
  return {
    ...present({ name }),
    backends: redirect === undefined ? backends : [],
    ...present({
      timeoutMs: positiveDuration(entry.get("timeout")),
      retry: retryOf(entry.get("retries")),
      fault: faultOf(entry.get("fault")),
      headers: headersOf(entry),
      redirect,
    }),
    mirrors: mirrorsOf(entry, around),
    at: entry.at,
  };
}

export function nameOf(field: Field): string | undefined {
  const name = field.text();
  if (name === undefined) return undefined;
  if (isDnsLabel(name)) return name;
  field.change(`${JSON.stringify(name)} cannot be the name of a rule, which is left without one`);
  return undefined;
}

export function backendOf(route: Field, around: Surroundings): Backend[] {
  const target = referenceOf(route.get("destination"), around);
  const weight = route.get("weight");
  if (target === undefined) {
    weight.lose({ message: "the share of a backend that is left out" });
    return [];
  }
  return [{ ...target, weight: wholeOf(weight, 0, 1_000_000) ?? 1, at: route.at }];
}

function referenceOf(
  field: Field,
  { context, namespace, carries = "http" }: Surroundings,
): Omit<Backend, "weight" | "at"> | undefined {
  const service = serviceAt(field.get("host"), namespace, context);
  if (service === undefined) return undefined;
  const port = wholeOf(field.get("port", "number"), 1, 65_535);
  if (port !== undefined) context.draft.port(service, port, carries);
  const subset = field.get("subset");
  const version = subset.text();
  if (version === undefined) return { service: service.key, ...present({ port }) };
  if (!service.versions.some((v) => v.name === version)) {
    if (!isDnsLabel(version)) return { service: service.key, ...present({ port }) };
    const message = `no DestinationRule among the manifests has the subset ${version} of ${service.key}: its labels are guessed`;
    context.draft.assume(subset.at, message, "add the DestinationRule to what is imported");
    service.versions.push({ name: version, labels: { version }, at: subset.at });
  }
  return { service: service.key, version, ...present({ port }) };
}

/** Istio's own where it retries and does not say on what, as far as an intent has words for it. */
const DEFAULT_ON: readonly RetryOn[] = ["connect-failure", "refused-stream"];

/** A gRPC call whose try took too long says so by a status: it goes with a timeout of a try. */
const UNSAID = ["", "deadline-exceeded"];

function retryOf(field: Field): Retry | undefined {
  if (!field.there) return undefined;
  const retries = field.get("attempts").number() ?? 0;
  const on = field.get("retryOn");
  const conditions = (on.text() ?? "").split(",").map((word) => word.trim());
  const perTryTimeoutMs = positiveDuration(field.get("perTryTimeout"));
  const backoffMs = positiveDuration(field.get("backoff"));
  if (retries < 1) return undefined;
  const known = conditions.flatMap((word): RetryOn[] => {
    const status = /^[45]\d\d$/.test(word) ? Number(word) : undefined;
    return status !== undefined ? [status] : RETRY_WORDS.filter((w) => w === word);
  });
  const strange = conditions.filter(
    (word) => !UNSAID.includes(word) && !known.some((k) => String(k) === word),
  );
  if (strange.length > 0) on.change(`an intent cannot retry on ${strange.join(", ")}`);
  if (!on.there)
    field.change("Istio retries on gRPC's unavailable and cancelled too, which an intent has no words for");
  const conditionsKept = known.length === 0 ? DEFAULT_ON : known;
  return {
    retries: Math.min(100, Math.floor(retries)),
    on: conditionsKept,
    ...present({ perTryTimeoutMs, backoffMs }),
  };
}

function faultOf(field: Field): Fault | undefined {
  const { delay, abort } = { delay: field.get("delay"), abort: field.get("abort") };
  const late = {
    percent: percentOf(delay.get("percentage", "value")) ?? percentOf(delay.get("percent")),
    durationMs: positiveDuration(delay.get("fixedDelay")),
  };
  const broken = {
    percent: percentOf(abort.get("percentage", "value")),
    status: wholeOf(abort.get("httpStatus"), 200, 599) ?? grpcStatus(abort.get("grpcStatus")),
  };
  const fault: Fault = {
    ...(late.percent === undefined || late.durationMs === undefined
      ? {}
      : { delay: { percent: late.percent, durationMs: late.durationMs } }),
    ...(broken.percent === undefined || broken.status === undefined
      ? {}
      : { abort: { percent: broken.percent, status: broken.status } }),
  };
  return Object.keys(fault).length === 0 ? undefined : fault;
}

function grpcStatus(field: Field): number | undefined {
  const code = GRPC_STATUS.indexOf(field.text() ?? "");
  return code > 0 ? code : undefined;
}

function mirrorsOf(entry: Field, around: Surroundings): Mirror[] {
  const single = entry.get("mirror");
  const percentages = [entry.get("mirrorPercentage", "value"), entry.get("mirrorPercent")];
  const share = percentages.map((field) => percentOf(field)).find((p) => p !== undefined);
  const one = single.there ? mirrorOf(single, share ?? 100, around) : [];
  const several = entry
    .get("mirrors")
    .items()
    .flatMap((mirror) =>
      mirrorOf(mirror.get("destination"), percentOf(mirror.get("percentage", "value")) ?? 100, around),
    );
  return [...one, ...several];
}

function mirrorOf(field: Field, percent: number, around: Surroundings): Mirror[] {
  const target = referenceOf(field, around);
  return target === undefined ? [] : [{ ...target, percent, at: field.at }];
}

/** Of the whole entry, and of its only destination. */
function headersOf(entry: Field): HeaderChanges | undefined {
  const routes = entry.get("route").items();
  const places = [entry.get("headers"), ...(routes.length === 1 ? routes.map((r) => r.get("headers")) : [])];
  const request = joined(places.map((place) => headerChange(place.get("request"), values)));
  const response = joined(places.map((place) => headerChange(place.get("response"), values)));
  const count = [request, response].flatMap((c) => [...c.set, ...c.add, ...c.remove]).length;
  return count === 0 ? undefined : { request, response };
}

/** Proxies take `%` for the begin of a variable, unless it is there twice. */
function values(field: Field): NamedValue[] {
  return field.entries().flatMap(([name, written]) => {
    const value = written.text();
    if (value === undefined) return [];
    if (/%/.test(value.replaceAll("%%", "")))
      written.change("a variable of Envoy is plain text, in an intent");
    return [{ name: name.toLowerCase(), value: value.replaceAll("%%", "%") }];
  });
}

function joined(changes: readonly HeaderChange[]): HeaderChange {
  return {
    set: changes.flatMap((c) => c.set),
    add: changes.flatMap((c) => c.add),
    remove: changes.flatMap((c) => c.remove),
  };
}
