import { appMesh } from "../../../../mesh/adapters/app-mesh";
import { httpEvent } from "../../../../mesh/adapters/app-mesh/routes";
import { capabilityIds } from "../../../../mesh/capability/ids";
import { isHttpLike, type NormalizedIntent } from "../../../../mesh/intent/types";
import type { KubeObject } from "../../../../mesh/plan/types";
import { outcome, type Outcome, type Request } from "../../../../mesh/semantics";
import { seen } from "../../../../mesh/semantics/request";
import { enter, send, type Sent } from "../../../support/app-mesh";
import { checkAgainstCrds, whereCrdsAre } from "../../../support/crds";
import { Dice, requestFor, requestsNear, samples } from "../../../support/intents";
import { valid, value } from "../intents";
import { cluster, objectsOf } from "./plans";

const mesh = value(
  appMesh.configure(
    { acknowledgeDiscontinued: true, tls: { kind: "sds" }, namespaces: { create: false } },
    [],
  ),
);
const table = mesh.capabilities({ cluster });
const allowed = capabilityIds.filter((id) => table[id].kind !== "none");

interface Planned {
  readonly intent: NormalizedIntent;
  readonly objects: readonly KubeObject[];
}

/** Random intents of all that App Mesh has, those that it takes. */
function plans(count: number, seed: number): Planned[] {
  return samples(count, seed, { allowed }).flatMap(({ intent: written }) => {
    const intent = valid({ ...written, authorization: { default: "allow" }, access: [] });
    const plan = mesh.plan(intent, { cluster });
    return plan.ok ? [{ intent, objects: objectsOf(plan.value) }] : [];
  });
}

const planned = plans(800, 7);

test("enough of the random intents are planned to mean something", () => {
  expect(planned.length).toBeGreaterThan(200);
});

whereCrdsAre("with the CRDs", () => {
  test("whatever is planned passes App Mesh's CRDs", () => {
    for (const { objects } of planned) expect(checkAgainstCrds(objects)).toEqual([]);
  });
});

test("requests go where the intent says, as App Mesh's proxies read the plan", () => {
  const dice = new Dice(11);
  const counts = { forwarded: 0, notFound: 0, gateway: 0, split: 0, retried: 0 };
  for (const { intent, objects } of planned) {
    const random = Array.from({ length: 8 }, () => requestFor(intent, dice));
    for (const request of [...requestsNear(intent), ...random]) {
      const sent = sentFor(request, { intent, objects });
      if (sent === undefined) continue;
      const expected = outcome(intent, request);
      if (expected.kind !== "forwarded" && expected.kind !== "notFound") continue;
      expect({ request, sent: inShort(sent.sent, intent) }).toEqual({
        request,
        sent: wanted(expected, intent),
      });
      counts[expected.kind]++;
      if (request.to.kind === "gateway") counts.gateway++;
      if ((sent.sent?.targets.length ?? 0) > 1) counts.split++;
      if ((sent.sent?.retries ?? 0) > 0) counts.retried++;
    }
  }
  for (const [what, count] of Object.entries(counts)) expect([what, count > 100]).toEqual([what, true]);
});

const match = (path: object) => [{ path }];

test.each<[string, object]>([
  ["a prefix for a prefix", { match: match({ prefix: "/shop" }), rewrite: { prefix: "/v2" } }],
  ["nothing for a prefix", { match: match({ prefix: "/shop" }), rewrite: { prefix: "/" } }],
  ["a prefix before everything", { rewrite: { prefix: "/v2" } }],
  ["a path for a prefix", { match: match({ prefix: "/shop" }), rewrite: { path: "/v2" } }],
  ["a path for everything", { rewrite: { path: "/v2" } }],
  ["a path for a path", { match: match({ exact: "/shop" }), rewrite: { path: "/v2" } }],
  ["a path for an expression", { match: match({ regex: "/s.*" }), rewrite: { path: "/v2" } }],
])("gateways put %s as the intent says", (_, rule) => {
  const intent = valid({
    authorization: { default: "allow" },
    services: { "shop/web": { serviceAccount: "web", ports: [{ port: 80 }] } },
    gateways: { public: { listeners: [{ port: 80, protocol: "http" }] } },
    routes: [
      { kind: "http", for: { gateway: "public" }, rules: [{ backends: [{ service: "shop/web" }], ...rule }] },
    ],
  });
  const plan = value(mesh.plan(intent, { cluster }));
  for (const path of ["/", "/shop", "/shop/", "/shop/a/b?c=d", "/shopping", "/s", "/other"]) {
    const request: Request = {
      from: { kind: "unmeshed" },
      to: { kind: "gateway", gateway: "public", port: 80 },
      call: { kind: "http", method: "GET", path, host: "a.example.com", headers: [] },
    };
    const sent = sentFor(request, { intent, objects: objectsOf(plan) });
    expect({ path, sent: inShort(sent?.sent, intent) }).toEqual({
      path,
      sent: wanted(outcome(intent, request), intent),
    });
  }
});

/** What App Mesh does with a request; undefined for requests that are not its routes' business. */
function sentFor(
  { from, to, call }: Request,
  { intent, objects }: Planned,
): { readonly sent: Sent | undefined; readonly path: string } | undefined {
  if (call.kind === "connection") return undefined;
  if (to.kind === "service" && from.kind === "service") {
    const service = intent.services.find((s) => s.key === to.service);
    const port = service?.ports.find((p) => p.port === to.port);
    const request = seen(call, `${service?.name}.${service?.namespace}`);
    if (service === undefined || port === undefined || request === undefined || !isHttpLike(port.protocol))
      return undefined;
    // Listeners of gRPC take nothing else.
    if (port.protocol === "grpc" && call.kind !== "grpc") return undefined;
    return { sent: send(objects, { place: to.service, port: to.port }, request), path: request.path };
  }
  if (to.kind !== "gateway") return undefined;
  const request = seen(call, "");
  const listener = intent.gateways
    .find((g) => g.name === to.gateway)
    ?.listeners.find((l) => l.port === to.port);
  if (request === undefined || listener === undefined) return undefined;
  if (listener.protocol === "grpc" && call.kind !== "grpc") return undefined;
  const port = to.port < 1024 ? to.port + 8000 : to.port;
  return { sent: enter(objects, { name: to.gateway, port }, request), path: request.path };
}

interface Short {
  readonly backends: readonly string[];
  readonly path: string;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly events: readonly string[];
}

function inShort(sent: Sent | undefined, intent: NormalizedIntent): Short | undefined {
  if (sent === undefined) return undefined;
  const sum = sent.targets.reduce((all, t) => all + t.weight, 0);
  const nodes = new Map(
    intent.services.flatMap((s) => [
      [s.key, s.key] as const,
      ...s.versions.map((v) => [`${s.key}-${v.name}`, `${s.key} ${v.name}`] as const),
    ]),
  );
  const backends = sent.targets
    .filter((t) => t.weight > 0)
    .map((t) => `${nodes.get(t.node)} ${t.port} ${share(t.weight / sum)}`);
  const retried = sent.retries > 0 ? sent.events : [];
  return {
    backends: backends.sort(),
    path: sent.path,
    timeoutMs: sent.timeoutMs,
    retries: sent.retries,
    events: retried,
  };
}

function wanted(expected: Outcome, { services }: NormalizedIntent): Short | undefined {
  if (expected.kind !== "forwarded") return undefined;
  const { backends, delivered, treatment } = expected;
  const podPort = (key: string, port: number) =>
    services.find((s) => s.key === key)?.ports.find((p) => p.port === port)?.targetPort;
  return {
    backends: backends
      .map(
        (b) =>
          `${[b.service, b.version].filter((part) => part !== undefined).join(" ")} ${podPort(b.service, b.port)} ${share(b.share)}`,
      )
      .sort(),
    path: (delivered?.path ?? "").replace(/\?.*$/, ""),
    timeoutMs: treatment.timeoutMs ?? 0,
    retries: treatment.retry?.retries ?? 0,
    events: (treatment.retry?.on ?? [])
      .flatMap((on) => (on === "connect-failure" ? ["connection-error"] : httpEvent(on)))
      .sort(),
  };
}

const share = (value: number): string => value.toFixed(6);
