import type { Diagnostic, Result } from "../../../../lib";
import { compile, configureMesh } from "../../../../mesh";
import { capabilityIds } from "../../../../mesh/capability/ids";
import type { MeshPlan } from "../../../../mesh/plan/types";
import type { ClusterFeatures } from "../../../../mesh/types";
import { checkAgainstCrds, whereCrdsAre } from "../../../support/crds";
import { samples } from "../../../support/intents";
import { inShort, valid, value } from "../intents";
import { cluster, objectsOf, specOf } from "../istio/plans";

const services = {
  "shop/web": {
    serviceAccount: "web",
    ports: [{ port: 80 }],
    versions: { v1: { labels: { version: "v1" } } },
  },
  "shop/db": { serviceAccount: "db", ports: [{ port: 5432, protocol: "tcp" }] },
};
const TO_WEB = [{ service: "shop/web" }];
const routes = (rule: object): object => ({
  services,
  routes: [{ kind: "http", for: { service: "shop/web" }, rules: [{ backends: TO_WEB, ...rule }] }],
});

interface Wanted {
  readonly intent: object;
  readonly options?: object;
  readonly features?: Partial<ClusterFeatures>;
}

function compiled({ intent, options = {}, features = {} }: Wanted): Result<MeshPlan> {
  const mesh = value(configureMesh({ kind: "gateway-api", security: "elsewhere", ...options }, ["mesh"]));
  return compile(valid(intent), mesh, { cluster: { ...cluster, ...features } });
}

const planned = (wanted: Wanted): MeshPlan => value(compiled(wanted));

function said(wanted: Wanted): string[] {
  const result = compiled(wanted);
  const all: readonly Diagnostic[] = result.ok ? result.warnings : result.diagnostics;
  return all.map(inShort);
}

test("security that nobody promises is refused, whatever its defaults", () => {
  const mesh = value(configureMesh({ kind: "gateway-api" }, ["mesh"]));
  const result = compile(valid({ services }), mesh, { cluster });
  expect(result.ok ? [] : result.diagnostics.map(inShort)).toEqual([
    "unsupported-capability at mtls.mode",
    "unsupported-capability at authorization.default",
  ]);
});

test("security that is acknowledged to be kept elsewhere is said on every plan", () => {
  expect(said({ intent: { services } })).toEqual(["security-elsewhere at mesh.security"]);
  const plan = planned({ intent: { services, access: [{ to: { service: "shop/web" }, action: "deny" }] } });
  expect(objectsOf(plan).map((o) => o.kind)).toEqual(["Namespace"]);
});

test("nothing is installed: namespaces as they are to be labelled, the workloads, and routes after them", () => {
  const options = { namespaces: { labels: { "istio.io/dataplane-mode": "ambient" } } };
  const plan = planned({ intent: routes({ backends: [{ service: "shop/web", version: "v1" }] }), options });
  expect(plan.steps.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
    ["namespaces", []],
    ["workloads", ["namespaces"]],
    ["traffic", ["workloads"]],
  ]);
  expect(objectsOf(plan).map((o) => `${o.kind} ${o.metadata.name}`)).toEqual([
    "Namespace shop",
    "Service web-v1",
    "HTTPRoute web",
  ]);
  expect(objectsOf(plan)[0]?.metadata.labels).toMatchObject({ "istio.io/dataplane-mode": "ambient" });
  expect(plan.clusterFeatures).toEqual([{ kind: "gatewayApi", channel: "standard" }]);
  const without = planned({ intent: { services }, options: { namespaces: { create: false } } });
  expect(objectsOf(without)).toEqual([]);
});

const retry = {
  retries: 2,
  perTryTimeout: "1s",
  on: ["gateway-error", "retriable-4xx", 429],
  backoff: "50ms",
};

test("retries are for the experimental channel, with their statuses one by one", () => {
  expect(said({ intent: routes({ retry }) })).toContain("unsupported-capability at routes[0].rules[0].retry");
  const plan = planned({ intent: routes({ retry }), options: { channel: "experimental" } });
  expect(specOf(plan, "HTTPRoute", "shop/web")).toMatchObject({
    rules: [
      {
        retry: { attempts: 2, codes: [409, 429, 502, 503, 504], backoff: "50ms" },
        timeouts: { backendRequest: "1s" },
      },
    ],
  });
  const vague = routes({ retry: { retries: 1, on: ["5xx"] } });
  expect(said({ intent: vague, options: { channel: "experimental" } })).toEqual([
    "unsupported-retry-condition at routes[0].rules[0].retry.on",
    "security-elsewhere at mesh.security",
  ]);
});

test.each([
  ["1.6.0", "standard", undefined, "v1"],
  ["1.5.1", "standard", undefined, undefined],
  ["1.5.1", "experimental", undefined, "v1alpha2"],
  ["1.5.1", "standard", "v1.6.3", "v1"],
  ["1.6.0", "standard", "1.4.0", undefined],
])("bundle %s, channel %s, and the cluster saying %s: TCPRoutes are %s", (version, channel, has, served) => {
  const intent = {
    services,
    routes: [{ kind: "tcp", for: { service: "shop/db" }, rules: [{ backends: [{ service: "shop/db" }] }] }],
  };
  const features = { gatewayApi: { owner: "us" as const, ...(has === undefined ? {} : { version: has }) } };
  const wanted = { intent, options: { version, channel }, features };
  if (served === undefined) expect(said(wanted)).toEqual(["unsupported-capability at routes[0].kind"]);
  else
    expect(objectsOf(planned(wanted), "TCPRoute")[0]?.apiVersion).toBe(`gateway.networking.k8s.io/${served}`);
});

test("a cluster with an API of its own has the standard channel", () => {
  const features = { gatewayApi: { owner: "cluster" as const } };
  expect(said({ intent: { services }, options: { channel: "experimental" }, features })).toEqual([
    "unsupported-channel at mesh.channel",
    "security-elsewhere at mesh.security",
  ]);
});

test("gateways are of the class that is named", () => {
  const listeners = [{ port: 80, protocol: "http", hosts: ["a.example"] }];
  const intent = { services, gateways: { office: { exposure: "internal", listeners } } };
  expect(said({ intent })).toContain("unsupported-capability at gateways.office.listeners[0].protocol");
  const options = { gateways: { className: "istio", namespace: "edge" } };
  const features = { internalLoadBalancer: { "example.com/internal": "true" } };
  const plan = planned({ intent, options, features });
  expect(specOf(plan, "Gateway", "edge/office")).toMatchObject({
    gatewayClassName: "istio",
    infrastructure: { annotations: { "example.com/internal": "true" } },
  });
});

test.each([
  [{ version: "1.1.0" }, ["unknown-version at mesh.version"]],
  [{ channel: "beta" }, ["unknown-value at mesh.channel"]],
  [{ security: "none" }, ["unknown-value at mesh.security"]],
  [{ namespaces: { labels: { "bad label": "x" } } }, ['bad-label at mesh.namespaces.labels["bad label"]']],
])("the options %j are refused", (options, expected) => {
  const result = configureMesh({ kind: "gateway-api", ...options }, ["mesh"]);
  expect(result.ok ? [] : result.diagnostics.map(inShort)).toEqual(expected);
});

whereCrdsAre("the API server takes what is made of plain routes", () => {
  test.each(["standard", "experimental"] as const)("in the %s channel, over random intents", (channel) => {
    const mesh = value(
      configureMesh({ kind: "gateway-api", channel, security: "elsewhere", gateways: { className: "any" } }),
    );
    const target = { cluster: { ...cluster, internalLoadBalancer: { internal: "true" } } };
    const table = mesh.capabilities(target);
    const allowed = capabilityIds.filter((id) => table[id].kind !== "none");
    let taken = 0;
    for (const { intent } of samples(200, 9, { allowed })) {
      const plan = compile(valid(intent), mesh, target);
      if (!plan.ok) continue;
      taken++;
      expect(checkAgainstCrds(objectsOf(plan.value), channel)).toEqual([]);
    }
    expect(taken).toBeGreaterThan(120);
  });
});
