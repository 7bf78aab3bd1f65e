import { byText, parseDuration, type JsonObject } from "../../../../lib";
import { compile, configureMesh } from "../../../../mesh";
import { configEntries } from "../../../../mesh/adapters/consul/export";
import { gatewayName } from "../../../../mesh/adapters/consul/names";
import { capabilityIds } from "../../../../mesh/capability/ids";
import type { HeaderChange, NormalizedIntent } from "../../../../mesh/intent/types";
import type { KubeObject } from "../../../../mesh/plan/types";
import { outcome, type Outcome, type Request } from "../../../../mesh/semantics";
import { Entries, section, sections, texts, type Seen } from "../../../support/consul/entries";
import { sendThrough } from "../../../support/consul/gateway";
import { letsIn } from "../../../support/consul/intentions";
import { send, targetsOf, type Sent } from "../../../support/consul/routes";
import { Dice, requestFor, requestsNear, samples } from "../../../support/intents";
import { valid, value } from "../intents";
import { cluster } from "../istio/plans";
import { objectsOf } from "./plans";

/**
 * What Consul's servers and proxies make of our config entries, by their own source, against what the intent means.
 * The proxies themselves run in test/equivalence; the model here is small, quick and meets more requests.
 */
const mesh = value(
  configureMesh({ kind: "consul", acls: false, namespaces: { create: false }, datacenter: "eu-west-1" }),
);
const target = { cluster: { ...cluster, internalLoadBalancer: { internal: "true" } } };
const table = mesh.capabilities(target);
/** Without plaintext, which Consul takes only of services that everyone may call: it would leave little else. */
const allowed = capabilityIds.filter((id) => table[id].kind !== "none" && id !== "mtls.permissive");
/** MEANING_CASES=20000 for a night. */
const CASES = Number(process.env["MEANING_CASES"] ?? 400);

interface Scene {
  readonly intent: NormalizedIntent;
  readonly entries: Entries;
  readonly objects: readonly KubeObject[];
}

function scenes(count: number, seed: number): { readonly taken: readonly Scene[]; readonly refused: number } {
  const all = samples(count, seed, { allowed }).map(({ intent }) => valid(intent));
  const taken = all.flatMap((intent): Scene[] => {
    const result = compile(intent, mesh, target);
    if (!result.ok) return [];
    return [{ intent, entries: new Entries(configEntries(result.value)), objects: objectsOf(result.value) }];
  });
  return { taken, refused: all.length - taken.length };
}

/** What both sides say of a request, in one form. */
interface Told {
  readonly kind: string;
  readonly shares?: Readonly<Record<string, { readonly share: number; readonly admitted: boolean }>>;
  readonly rule?: unknown;
}

const CLOSED: Told = { kind: "kept out" };

function meant(result: Outcome): Told {
  if (result.kind === "refused" || result.kind === "denied") return CLOSED;
  if (result.kind !== "forwarded") return { kind: result.kind };
  const shares = Object.fromEntries(
    result.backends.map((b) => [
      `${b.service.split("/")[1]}@${b.version ?? ""}`,
      { share: Math.round(b.share * 1e3), admitted: b.verdict.admitted },
    ]),
  );
  const { treatment, delivered } = result;
  const rule = {
    timeout: treatment.timeoutMs,
    retries: treatment.retry?.retries,
    on: treatment.retry === undefined ? undefined : [...treatment.retry.on].map(String).sort(byText),
    path: delivered?.path,
    headers: delivered?.headers.map((h) => `${h.name}: ${h.value}`),
    response: changes(treatment.responseHeaders),
  };
  return settled({ kind: "forward", shares, rule });
}

const changes = (change: HeaderChange | undefined): unknown =>
  change === undefined
    ? undefined
    : [
        change.set.map((h) => `${h.name}=${h.value}`),
        change.add.map((h) => `${h.name}=${h.value}`),
        [...change.remove],
      ];

/** Where nobody comes in, how is of no interest. */
function settled(told: Told): Told {
  return Object.values(told.shares ?? {}).some((s) => s.admitted) ? told : CLOSED;
}

function seenOf({ call }: Request, host: string): Seen | undefined {
  if (call.kind === "connection") return undefined;
  const grpc = call.kind === "grpc" ? [{ name: "content-type", value: "application/grpc" }] : [];
  const headers = new Map<string, string>();
  for (const { name, value: text } of [...call.headers, ...grpc]) {
    const key = name.toLowerCase();
    const before = headers.get(key);
    headers.set(key, before === undefined ? text : `${before}${key === "cookie" ? ";" : ","}${text}`);
  }
  const whole = call.kind === "grpc" ? `/${call.service}/${call.method}` : call.path;
  const [path = "", query] = whole.split("?", 2);
  for (const [name, text] of [
    [":authority", host],
    ["host", host],
    [":path", whole],
  ] as const)
    headers.set(name, text);
  const method = call.kind === "grpc" ? "POST" : call.method;
  return { method, path, headers, ...(query === undefined ? {} : { query }) };
}

function done(request: Request, scene: Scene): Told {
  const { intent, entries } = scene;
  const { to, from, call } = request;
  if (to.kind === "external") return { kind: "elsewhere" };
  const service = to.kind === "service" ? intent.services.find((s) => s.key === to.service) : undefined;
  const host =
    (call.kind === "connection" ? undefined : call.host) ??
    (service === undefined ? "" : `${service.name}.${service.namespace}`);
  const seen = seenOf(request, host);
  if (to.kind === "gateway") {
    if (seen === undefined) return { kind: "elsewhere" };
    const name = gatewayName(to.gateway);
    const sent = sendThrough(scene, name, { seen, host });
    return sent === undefined ? { kind: "notFound" } : arrived({ sent, source: name, seen }, request, scene);
  }
  if (service === undefined || from.kind === "unmeshed" || from.kind === "principal") return CLOSED;
  const source = from.kind === "service" ? (from.service.split("/")[1] ?? "") : gatewayName(from.gateway);
  const direct: Sent = {
    path: seen?.path ?? "",
    destination: {},
    targets: [{ service: service.name, weight: 100 }],
  };
  const chained = (): Sent =>
    seen === undefined
      ? { ...direct, targets: targetsOf(entries, { service: service.name, subset: undefined }) }
      : send(entries, service.name, seen);
  return arrived({ sent: from.kind === "service" ? chained() : direct, source, seen }, request, scene);
}

interface Arrival {
  readonly sent: Sent;
  readonly source: string;
  readonly seen: Seen | undefined;
}

function arrived(
  { sent, source, seen }: Arrival,
  { token, externalAuthorization }: Request,
  { entries }: Scene,
): Told {
  const there = seen && { ...seen, path: sent.path };
  const carried = token && {
    provider: token.provider,
    valid: token.validity === "valid",
    claims: token.claims,
  };
  const shares: Record<string, { share: number; admitted: boolean }> = {};
  for (const { service, subset, weight } of sent.targets) {
    const [asked] = sections(entries.get("service-defaults", service)?.["EnvoyExtensions"]);
    const refused =
      asked !== undefined &&
      (externalAuthorization === "deny" ||
        (externalAuthorization === "unreachable" && asked["Required"] === true));
    const inside = letsIn(entries, { from: source, to: service }, { seen: there, token: carried });
    shares[`${service}@${subset ?? ""}`] = { share: Math.round(weight * 10), admitted: inside && !refused };
  }
  return settled({ kind: "forward", shares, rule: ruleOf(sent, seen) });
}

function ruleOf({ destination, path }: Sent, seen: Seen | undefined): unknown {
  const timeout = parseDuration(String((destination["RequestTimeout"] as string | undefined) ?? ""));
  const on = [
    ...texts(destination["RetryOn"]),
    ...((destination["RetryOnStatusCodes"] ?? []) as readonly number[]).map(String),
  ];
  const request = section(destination["RequestHeaders"]);
  const headers = new Map(
    [...(seen?.headers ?? [])].filter(([name]) => !name.startsWith(":") && name !== "host"),
  );
  const field = (change: JsonObject, name: string): Record<string, string> =>
    section(change[name] ?? change[name.toLowerCase()]) as Record<string, string>;
  for (const name of texts(request["Remove"] ?? request["remove"])) headers.delete(name);
  for (const [name, text] of Object.entries(field(request, "Set"))) headers.set(name, text);
  for (const [name, text] of Object.entries(field(request, "Add"))) {
    const before = headers.get(name);
    headers.set(name, before === undefined ? text : `${before},${text}`);
  }
  const response = section(destination["ResponseHeaders"]);
  const pairs = (name: string): string[] =>
    Object.entries(field(response, name)).map(([key, text]) => `${key}=${text}`);
  return {
    timeout,
    retries: destination["NumRetries"],
    on: destination["NumRetries"] === undefined ? undefined : on.sort(byText),
    path: seen && (seen.query === undefined ? path : `${path}?${seen.query}`),
    headers: seen && [...headers].map(([name, text]) => `${name}: ${text}`).sort(byText),
    response:
      destination["ResponseHeaders"] === undefined
        ? undefined
        : [pairs("Set"), pairs("Add"), [...texts(response["Remove"] ?? response["remove"])]],
  };
}

/** What the model does not tell, or Consul is known to tell otherwise: the table says so. */
function untold({ token, to, from }: Request, { intent }: Scene): boolean {
  const claims = Object.entries(token?.claims ?? {});
  const lists = claims.some(
    ([name, text]) => typeof text !== "string" || ["scope", "permission"].includes(name),
  );
  // Consul knows no identity but those of its services.
  return lists || from.kind === "principal" || to.kind === "external" || intent.services.length === 0;
}

/** Ports that nobody listens to are no mesh's business. */
function isNowhere(result: Outcome): boolean {
  return result.kind === "refused" && ["no-port", "no-listener", "protocol"].includes(result.reason);
}

test("requests fare in Consul as the intent means", () => {
  const { taken, refused } = scenes(CASES, 11);
  const dice = new Dice(5);
  const kinds = new Map<string, number>();
  let asked = 0;
  for (const scene of taken) {
    const random = Array.from({ length: 8 }, () => requestFor(scene.intent, dice));
    for (const request of [...requestsNear(scene.intent), ...random]) {
      if (untold(request, scene)) continue;
      const result = outcome(scene.intent, request);
      if (result.kind === "passed" || result.kind === "undecided" || isNowhere(result)) continue;
      const told = meant(result);
      const real = done(request, scene);
      if (real.kind === "elsewhere" || (told === CLOSED && real.kind === "notFound")) continue;
      asked++;
      kinds.set(told.kind, (kinds.get(told.kind) ?? 0) + 1);
      expect({ request, told: real }).toEqual({ request, told });
    }
  }
  expect(taken.length).toBeGreaterThan(refused / 10);
  expect(asked).toBeGreaterThan(CASES / 4);
  expect([...kinds.keys()].sort(byText)).toEqual(expect.arrayContaining(["forward", "kept out"]));
});
