import { isJsonObject, parseDuration, type JsonObject } from "../../../../lib";
import { compile, configureMesh } from "../../../../mesh";
import { capabilityIds } from "../../../../mesh/capability/ids";
import { isHttpLike, type NormalizedIntent, type Service } from "../../../../mesh/intent/types";
import type { KubeObject, MeshPlan } from "../../../../mesh/plan/types";
import { outcome, type Outcome, type Request } from "../../../../mesh/semantics";
import { identityOf, identityOfPrincipal } from "../../../../mesh/adapters/linkerd/names";
import { Dice, requestFor, requestsNear, samples } from "../../../support/intents";
import { Inbound, type Peer } from "../../../support/linkerd/inbound";
import { list, said, type Seen } from "../../../support/linkerd/match";
import { send } from "../../../support/linkerd/outbound";
import { valid, value } from "../intents";
import { cluster } from "../istio/plans";
import { chartOf, objectsOf } from "./plans";

/**
 * What Linkerd's controller and proxies make of our objects, by their own source, against what the intent means. The
 * proxies themselves do not run here; the model is theirs, not ours: see test/support/linkerd.
 */
const mesh = value(
  configureMesh({
    kind: "linkerd",
    webhooks: { certManager: { issuer: "hooks" } },
    gateways: { className: "carrier" },
  }),
);
const target = { cluster: { ...cluster, internalLoadBalancer: { internal: "true" } } };
const table = mesh.capabilities(target);
/** Without audits, which Linkerd takes only of services that everyone may call. */
const allowed = capabilityIds.filter((id) => table[id].kind !== "none" && id !== "access.audit");
/** MEANING_CASES=20000 for a night. */
const CASES = Number(process.env["MEANING_CASES"] ?? 300);

interface Case {
  readonly intent: NormalizedIntent;
  readonly plan: MeshPlan;
}

/** Random intents that Linkerd takes, and how many it refused for their values. */
function cases(count: number, seed: number): { readonly taken: readonly Case[]; readonly refused: number } {
  const all = samples(count, seed, { allowed }).map(({ intent }) => valid(intent));
  const taken = all.flatMap((intent) => {
    const result = compile(intent, mesh, target);
    return result.ok ? [{ intent, plan: result.value }] : [];
  });
  return { taken, refused: all.length - taken.length };
}

interface Scene extends Case {
  readonly objects: readonly KubeObject[];
  readonly inbound: Inbound;
}

function scene({ intent, plan }: Case): Scene {
  const objects = objectsOf(plan);
  const { proxy, identityTrustDomain } = chartOf(plan, "linkerd-control-plane").values;
  const defaultPolicy = isJsonObject(proxy) ? said(proxy["defaultInboundPolicy"]) : "";
  const install = { defaultPolicy, trustDomain: said(identityTrustDomain) };
  return { intent, plan, objects, inbound: new Inbound(objects, install) };
}

function peerOf({ from }: Request, { intent }: Case): Peer {
  const address = from.address === undefined ? {} : { address: from.address };
  const { trustDomain } = intent.mtls;
  switch (from.kind) {
    case "service": {
      const service = intent.services.find((s) => s.key === from.service);
      return service === undefined ? address : { identity: identityOf(service, trustDomain), ...address };
    }
    case "principal":
      return { identity: identityOfPrincipal(from.principal), ...address };
    case "gateway":
      return {
        identity: identityOf(
          { namespace: "gateways", serviceAccount: `${from.gateway}-carrier` },
          trustDomain,
        ),
        ...address,
      };
    case "unmeshed":
      return address;
  }
}

function seenOf({ call }: Request): Seen | undefined {
  if (call.kind === "connection") return undefined;
  const headers = call.headers.map(({ name, value }) => ({ name: name.toLowerCase(), value }));
  if (call.kind === "grpc") {
    const grpc = { name: "content-type", value: "application/grpc" };
    return {
      method: "POST",
      path: `/${call.service}/${call.method}`,
      query: "",
      headers: [...headers, grpc],
    };
  }
  const [path = "", query = ""] = call.path.split("?", 2);
  return { method: call.method, path, query, headers };
}

/** Parameters and headers that come several times, of which Linkerd takes any and others the first or all. */
function repeats(seen: Seen | undefined): boolean {
  if (seen === undefined) return false;
  const names = (all: readonly string[]): boolean => new Set(all).size < all.length;
  return names(seen.headers.map((h) => h.name)) || names([...new URLSearchParams(seen.query).keys()]);
}

type Shares = Record<string, { readonly share: number; readonly admitted: boolean }>;

/** What both sides say of a request, in one form. */
interface Told {
  readonly kind: string;
  readonly shares?: Shares;
  readonly location?: string;
  readonly status?: number;
  readonly rule?: unknown;
}

function meant(result: Outcome): Told {
  switch (result.kind) {
    case "refused":
      return { kind: "kept out" };
    case "denied":
      return { kind: "kept out" };
    case "redirected":
      return { kind: "redirect", status: result.status, location: new URL(result.location).href };
    case "forwarded": {
      const shares = Object.fromEntries(
        result.backends.map((b) => [
          `${b.service}${b.version === undefined ? "" : `-${b.version}`}:${b.port}`,
          { share: Math.round(b.share * 1e6), admitted: b.verdict.admitted },
        ]),
      );
      const { treatment, delivered } = result;
      const rule = {
        timeout: treatment.timeoutMs,
        retries: treatment.retry?.retries || undefined,
        perTry: treatment.retry?.retries ? treatment.retry.perTryTimeoutMs : undefined,
        headers: delivered?.headers,
      };
      return settled({ kind: "forward", shares, rule });
    }
    default:
      return { kind: result.kind };
  }
}

/** Where nobody comes in, how is of no interest. */
function settled(told: Told): Told {
  const open = Object.values(told.shares ?? {}).some((s) => s.admitted);
  return open ? told : { kind: "kept out" };
}

function done(request: Request, at: Scene): Told {
  const { intent, objects } = at;
  const { to, from } = request;
  if (to.kind !== "service") return { kind: "elsewhere" };
  const service = intent.services.find((s) => s.key === to.service);
  if (service === undefined) return { kind: "elsewhere" };
  const seen = seenOf(request);
  const host =
    request.call.kind !== "connection" && request.call.host !== undefined
      ? request.call.host
      : `${service.name}.${service.namespace}`;
  const authority = to.port === 80 ? host : `${host}:${to.port}`;
  const sent =
    from.kind === "service" && seen !== undefined
      ? send(objects, { namespace: service.namespace, name: service.name, port: to.port, authority }, seen)
      : { kind: "direct" as const };
  if (sent.kind === "notFound") return { kind: "notFound" };
  if (sent.kind === "redirect")
    return { kind: "redirect", status: sent.status, location: new URL(sent.location).href };
  const backends =
    sent.kind === "direct" ? [{ service: service.key, port: to.port, weight: 1 }] : sent.backends;
  const total = backends.reduce((sum, b) => sum + b.weight, 0);
  const changed =
    seen === undefined ? undefined : sent.kind === "direct" ? seen : withHeaders(seen, sent.rule);
  const shares: Record<string, { share: number; admitted: boolean }> = {};
  for (const { service: key, port, weight } of backends.filter((b) => b.weight > 0)) {
    const name = `${key}:${port}`;
    const before = shares[name]?.share ?? 0;
    shares[name] = {
      share: before + weight / total,
      admitted: admits({ key, port }, { request, seen: changed, at }),
    };
  }
  for (const [name, { share, admitted }] of Object.entries(shares)) {
    shares[name] = { share: Math.round(share * 1e6), admitted };
  }
  return settled({ kind: "forward", shares, rule: ruleOf(sent, changed) });
}

function admits(
  { key, port }: { readonly key: string; readonly port: number },
  { request, seen, at }: { readonly request: Request; readonly seen: Seen | undefined; readonly at: Scene },
): boolean {
  const pods = at.objects.find(
    (o) => o.kind === "Service" && `${o.metadata.namespace}/${o.metadata.name}` === key,
  );
  const service = at.intent.services.find((s) => s.key === key) ?? versioned(key, at.intent);
  const targetPort = service?.ports.find((p) => p.port === port)?.targetPort;
  if (service === undefined || targetPort === undefined) throw new Error(`no backend ${key}:${port}`);
  const spec = pods?.["spec"];
  const labels = isJsonObject(spec) ? (spec["selector"] as { [key: string]: string }) : service.selector;
  const pod = { namespace: service.namespace, labels };
  return at.inbound.admits({ pod, port: targetPort }, peerOf(request, at), seen) === true;
}

function versioned(key: string, intent: NormalizedIntent): Service | undefined {
  return intent.services.find((s) => s.versions.some((v) => `${s.key}-${v.name}` === key));
}

function ruleOf(sent: ReturnType<typeof send>, seen: Seen | undefined): unknown {
  const headers =
    seen === undefined ? undefined : [...seen.headers].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (sent.kind !== "split") return { headers };
  const { rule, annotations } = sent;
  const request = isJsonObject(rule["timeouts"]) ? rule["timeouts"]["request"] : undefined;
  const perTry = annotations["retry.linkerd.io/timeout"];
  const limit = annotations["retry.linkerd.io/limit"];
  return {
    timeout: request === undefined ? undefined : parseDuration(said(request)),
    retries: limit === undefined ? undefined : Number(limit),
    perTry: perTry === undefined ? undefined : parseDuration(perTry),
    headers,
  };
}

function withHeaders(seen: Seen, rule: JsonObject): Seen {
  const change = list(rule["filters"]).find((f) => f["type"] === "RequestHeaderModifier")?.[
    "requestHeaderModifier"
  ];
  if (!isJsonObject(change)) return seen;
  const headers = new Map(seen.headers.map((h) => [h.name, h.value]));
  for (const { name, value } of list(change["add"])) {
    const before = headers.get(said(name));
    headers.set(said(name), before === undefined ? said(value) : `${before},${said(value)}`);
  }
  for (const { name, value } of list(change["set"])) headers.set(said(name), said(value));
  for (const name of (change["remove"] ?? []) as readonly string[]) headers.delete(name);
  return { ...seen, headers: [...headers].map(([name, value]) => ({ name, value })) };
}

/** Requests that the model is for: to services, not by the name of their handshake, each name once. */
function isJudged(request: Request, intent: NormalizedIntent): boolean {
  const { to, call } = request;
  if (to.kind !== "service" || repeats(seenOf(request))) return false;
  const service = intent.services.find((s) => s.key === to.service);
  const port = service?.ports.find((p) => p.port === to.port);
  if (port === undefined) return false;
  const routed = intent.routes.some((r) => r.for.kind === "service" && r.for.service === to.service);
  return (
    isHttpLike(port.protocol) === (call.kind !== "connection") && (call.kind !== "connection" || !routed)
  );
}

test("a request has the outcome in Linkerd that the intent means, over random intents", () => {
  const { taken, refused } = cases(CASES, Number(process.env["MEANING_SEED"] ?? 7));
  const dice = new Dice(11);
  const kinds = new Map<string, number>();
  for (const each of taken) {
    const at = scene(each);
    const random = Array.from({ length: 8 }, () => requestFor(each.intent, dice));
    for (const request of [...requestsNear(each.intent), ...random]) {
      if (!isJudged(request, each.intent)) continue;
      const wanted = meant(outcome(each.intent, request));
      kinds.set(wanted.kind, (kinds.get(wanted.kind) ?? 0) + 1);
      const got = done(request, at);
      if (JSON.stringify(sorted(got)) !== JSON.stringify(sorted(wanted))) {
        throw new Error(JSON.stringify({ request, wanted, got, intent: each.intent }, apartFromPlaces, 1));
      }
    }
  }
  if (CASES > 300)
    process.stderr.write(
      `${taken.length} intents, ${refused} refused; ${JSON.stringify(Object.fromEntries(kinds))}\n`,
    );
  expect(taken.length).toBeGreaterThan(refused);
  expect([...kinds.keys()].sort()).toEqual(["forward", "kept out", "notFound", "redirect"]);
}, 600_000);

function apartFromPlaces(key: string, value: unknown): unknown {
  return key === "at" ? undefined : value;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, sorted(v)]),
  );
}
