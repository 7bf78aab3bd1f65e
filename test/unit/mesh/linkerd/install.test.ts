import { compile, configureMesh, printPlan } from "../../../../mesh";
import { planValueFaults, valueFaults, whereChartValuesAre } from "../../../support/chart-values";
import { inShort, valid, value } from "../intents";
import { cluster } from "../istio/plans";
import { chartOf, namesOf, objectsOf, planned, said } from "./plans";

const bare = { services: { "shop/web": { serviceAccount: "web", ports: [{ port: 80 }] } } };
const PAIR = { certificate: { $ref: "cert" }, key: { $ref: "key" } };

whereChartValuesAre("values of Linkerd's charts", () => {
  test.each([
    ["minimal", {}],
    [
      "with everything",
      {
        profile: "ha",
        cni: true,
        iptablesMode: "legacy",
        images: { hub: "registry.example.com/linkerd", pullSecrets: ["pull"] },
        resources: { proxy: { limits: { cpu: "1", memory: "64Mi" } } },
        tracing: { namespace: "observability", serviceAccount: "collector" },
      },
    ],
    ["with cert-manager", { webhooks: { certManager: { issuer: "linkerd-webhooks" } } }],
  ])("%s: all exist there with the same type", (_, options) => {
    const intent = {
      ...bare,
      telemetry: { tracing: { samplingPercent: 100, endpoint: "otel.observability:4317" } },
    };
    expect(planValueFaults(planned({ intent, options }))).toEqual([]);
  });

  test("that are misspelled or mistyped are found", () => {
    expect(valueFaults("linkerd-control-plane", { controlerReplicas: 1, controllerReplicas: "3" })).toEqual([
      "linkerd-control-plane.controlerReplicas: the chart has no such value",
      "linkerd-control-plane.controllerReplicas: string instead of number",
    ]);
  });
});

test("charts come in the order in which they need each other, and never bring the Gateway API", () => {
  const plan = planned({ intent: bare, options: { cni: true } });
  const order = plan.steps.map(({ id, dependsOn }) => [id, dependsOn]);
  expect(order).toEqual([
    ["namespaces", []],
    ["certificates", ["namespaces"]],
    ["linkerd-crds", ["namespaces"]],
    ["linkerd2-cni", ["namespaces"]],
    ["linkerd-control-plane", ["certificates", "linkerd-crds", "linkerd2-cni"]],
    ["security", ["linkerd-control-plane"]],
    ["workloads", ["security"]],
    ["traffic", ["security", "workloads"]],
  ]);
  expect(chartOf(plan, "linkerd-crds").values).toEqual({ installGatewayAPI: false });
  expect(plan.clusterFeatures).toContainEqual({ kind: "gatewayApi", channel: "standard" });
});

test("a chart's version is the edge release's", () => {
  const plan = planned({ intent: bare, options: { version: "edge-26.9.1" } });
  expect(chartOf(plan, "linkerd-control-plane").version).toBe("2026.9.1");
});

test("no key and no certificate authority passes through a chart", () => {
  const options = {
    identity: { trustAnchors: { $ref: "roots" }, issuer: PAIR },
    webhooks: {
      caBundle: "-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n",
      certificates: { proxyInjector: PAIR, profileValidator: PAIR, policyValidator: PAIR },
    },
  };
  const plan = planned({ intent: bare, options });
  const { values } = chartOf(plan, "linkerd-control-plane");
  expect(JSON.stringify(values)).not.toContain("$ref");
  expect(values).toMatchObject({
    identity: { externalCA: true, issuer: { scheme: "kubernetes.io/tls" } },
    proxyInjector: { externalSecret: true, caBundle: options.webhooks.caBundle },
    profileValidator: { externalSecret: true },
    policyValidator: { externalSecret: true },
  });
  expect(namesOf(objectsOf(plan)).slice(0, 7)).toEqual([
    "Namespace /linkerd",
    "Namespace /shop",
    "ConfigMap linkerd/linkerd-identity-trust-roots",
    "Secret linkerd/linkerd-identity-issuer",
    "Secret linkerd/linkerd-proxy-injector-k8s-tls",
    "Secret linkerd/linkerd-sp-validator-k8s-tls",
    "Secret linkerd/linkerd-policy-validator-k8s-tls",
  ]);
  expect(objectsOf(plan, "Secret")[0]).toMatchObject({
    type: "kubernetes.io/tls",
    stringData: { "tls.crt": { $ref: "cert" }, "tls.key": { $ref: "key", secret: true } },
  });
});

test("cert-manager issues and renews what it is asked for", () => {
  const intent = {
    ...bare,
    mtls: { trustDomain: "prod.example", ca: { kind: "cert-manager", issuer: "roots" } },
  };
  const plan = planned({
    intent,
    options: { webhooks: { certManager: { issuer: "hooks", kind: "Issuer" } } },
  });
  const made = objectsOf(plan, "Certificate").map(({ metadata, spec }) => [metadata.name, spec]);
  expect(made).toMatchObject([
    [
      "linkerd-identity-issuer",
      {
        isCA: true,
        commonName: "identity.linkerd.prod.example",
        issuerRef: { kind: "ClusterIssuer", name: "roots" },
      },
    ],
    [
      "linkerd-proxy-injector",
      { secretName: "linkerd-proxy-injector-k8s-tls", issuerRef: { kind: "Issuer" } },
    ],
    ["linkerd-sp-validator", { dnsNames: ["linkerd-sp-validator.linkerd.svc"] }],
    ["linkerd-policy-validator", { isCA: false }],
  ]);
  expect(chartOf(plan, "linkerd-control-plane").values).toMatchObject({
    identityTrustDomain: "prod.example",
    policyValidator: { externalSecret: true, injectCaFrom: "linkerd/linkerd-policy-validator" },
  });
});

test("a chart that would make certificates of its own on each render is not planned", () => {
  const mesh = value(configureMesh({ kind: "linkerd" }, ["mesh"]));
  const result = compile(valid(bare), mesh, { cluster });
  expect(result.ok ? [] : result.diagnostics.map(inShort)).toEqual(["missing-key at mesh.webhooks"]);
});

test.each([
  ["strict", "deny", "deny"],
  ["permissive", "deny", "deny"],
  ["strict", "allow", "all-authenticated"],
  ["permissive", "allow", "all-unauthenticated"],
])("with %s mTLS and %s by default, ports that nobody speaks for are %s", (mode, preset, policy) => {
  const plan = planned({ intent: { ...bare, mtls: { mode }, authorization: { default: preset } } });
  expect(chartOf(plan, "linkerd-control-plane").values).toMatchObject({
    proxy: { defaultInboundPolicy: policy },
  });
});

test("namespaces are injected, the control plane's own is left alone", () => {
  const intent = {
    ...bare,
    authorization: { default: "allow" },
    mtls: { overrides: [{ namespace: "shop", mode: "permissive" }] },
    telemetry: { accessLogs: "all" },
  };
  const found = objectsOf(planned({ intent }), "Namespace");
  expect(found.map(({ metadata }) => [metadata.name, metadata.annotations])).toEqual([
    ["linkerd", { "linkerd.io/inject": "disabled" }],
    [
      "shop",
      {
        "config.linkerd.io/access-log": "json",
        "config.linkerd.io/default-inbound-policy": "all-unauthenticated",
        "linkerd.io/inject": "enabled",
      },
    ],
  ]);
  expect(found[0]?.metadata.labels).toMatchObject({ "config.linkerd.io/admission-webhooks": "disabled" });
});

test("clusters that Linkerd cannot run on are told", () => {
  expect(said({ intent: bare, features: { netAdmin: false } })).toEqual(["needs-cni at mesh"]);
  expect(said({ intent: bare, features: { netAdmin: false }, options: { cni: true } })).toEqual([]);
  const url = { kind: "url" as const, origin: "https://localhost:15017" };
  expect(said({ intent: bare, features: { webhooks: url } })).toEqual(["needs-webhook-services at mesh"]);
  const taken = { services: { "kube-system/web": { serviceAccount: "web", ports: [{ port: 80 }] } } };
  expect(said({ intent: taken })).toEqual(['namespace-taken at services["kube-system/web"]']);
});

test("plans have the same bytes however their intent was ordered", () => {
  const services = {
    "shop/web": { serviceAccount: "web", ports: [{ port: 80 }, { port: 81 }] },
    "shop/api": { serviceAccount: "api", ports: [{ port: 80 }] },
  };
  const backwards = Object.fromEntries(Object.entries(services).reverse());
  const access = [
    {
      to: { service: "shop/web" },
      action: "allow",
      from: [{ namespace: "a" }, { service: "shop/api" }],
      operations: [{ methods: ["GET"], paths: ["/a", "/b/*"] }],
    },
    {
      to: { service: "shop/web" },
      action: "allow",
      from: [{ namespace: "b" }],
      operations: [{ paths: ["/b/c"] }],
    },
  ];
  const plan = printPlan(planned({ intent: { services, access } }));
  expect(printPlan(planned({ intent: { access: [...access].reverse(), services: backwards } }))).toBe(plan);
});

test.each([
  [{ version: "2.20" }, ["unknown-version at mesh.version"]],
  [{ webhooks: {} }, ["not-exactly-one at mesh.webhooks"]],
  [{ webhooks: { caBundle: "not a certificate" } }, ["bad-certificate at mesh.webhooks.caBundle"]],
  [{ charts: { kind: "bundled" } }, ["unknown-value at mesh.charts.kind"]],
  [{ scrapers: { ipBlocks: ["10.0.0.1"] } }, ["bad-cidr at mesh.scrapers.ipBlocks[0]"]],
  [{ probes: { web: ["/healthz"] } }, ["bad-name at mesh.probes.web"]],
  [{ profil: "ha" }, ["unknown-key at mesh.profil"]],
])("the options %j are refused", (options, expected) => {
  const result = configureMesh({ kind: "linkerd", ...options }, ["mesh"]);
  expect(result.ok ? [] : result.diagnostics.map(inShort)).toEqual(expected);
});
