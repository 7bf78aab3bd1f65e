import { planValueFaults, whereChartValuesAre } from "../../../support/chart-values";
import { chartOf, objectsOf, planned, said, services } from "./plans";

const bare = { services };
const everything = {
  ...bare,
  mtls: {
    ca: { kind: "vault", address: "https://vault.example:8200", path: "connect_root", role: "consul" },
  },
  gateways: { public: { exposure: "public", listeners: [{ port: 80, protocol: "http" }] } },
  egress: {
    default: "deny",
    external: { github: { hosts: ["api.github.com"], ports: [{ port: 443, protocol: "tls" }] } },
  },
  telemetry: { metrics: true },
};
const options = {
  profile: "ha",
  cni: true,
  images: { consul: "r.example/consul:2.0.3", controlPlane: "r.example/k8s:2.0.3", pullSecrets: ["pull"] },
  resources: { gateway: { requests: { memory: "1Gi" } } },
};

whereChartValuesAre("values of Consul's chart", () => {
  test.each([
    ["a bare mesh", { intent: bare }],
    ["a mesh with everything", { intent: everything, options }],
  ])("%s sets only values that are there, with their types", (_, wanted) => {
    expect(planValueFaults(planned(wanted))).toEqual([]);
  });
});

test("the steps come in the order in which Consul accepts what is in them", () => {
  const order = planned({ intent: bare }).steps.map(({ id, dependsOn }) => [id, dependsOn]);
  expect(order).toEqual([
    ["namespaces", []],
    ["consul", ["namespaces"]],
    ["defaults", ["consul"]],
    ["security", ["defaults"]],
    ["workloads", ["security"]],
    ["resolvers", ["security", "workloads"]],
    ["splitters", ["resolvers"]],
    ["routers", ["splitters"]],
    ["gateways", ["routers"]],
  ]);
});

test("the chart has TLS, gossip encryption and ACLs on, and never owns the Gateway API", () => {
  const { values } = chartOf(planned({ intent: bare }), "consul");
  expect(values).toMatchObject({
    global: {
      tls: { enabled: true },
      gossipEncryption: { autoGenerate: true },
      acls: { manageSystemACLs: true },
    },
    server: { replicas: 1 },
    connectInject: {
      cni: { enabled: false },
      apiGateway: { manageExternalCRDs: false, manageNonStandardCRDs: true },
    },
  });
  expect(chartOf(planned({ intent: bare, options: { profile: "ha" } }), "consul").values).toMatchObject({
    server: { replicas: 3 },
    connectInject: { replicas: 2 },
  });
});

const serverConfig = (intent: object): unknown => {
  const { server } = chartOf(planned({ intent }), "consul").values as { server: { extraConfig: string } };
  return JSON.parse(server.extraConfig);
};

test("servers deny by default whatever the intent's default, since tokens are only looked at then", () => {
  expect(serverConfig({ ...bare, authorization: { default: "allow" } })).toEqual({
    default_intention_policy: "deny",
  });
});

test("the authority is one of the server's configuration", () => {
  expect(serverConfig(everything)).toMatchObject({
    connect: {
      ca_provider: "vault",
      ca_config: { root_pki_path: "connect_root", auth_method: { params: { role: "consul" } } },
    },
  });
  const arn =
    "arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/12345678-1234-1234-1234-123456789012";
  expect(serverConfig({ ...bare, mtls: { ca: { kind: "aws-pca", arn } } })).toMatchObject({
    connect: { ca_provider: "aws-pca", ca_config: { existing_arn: arn } },
  });
});

test("a request that the user raises is never above the chart's own limit", () => {
  const wanted = { intent: bare, options: { resources: { controlPlane: { requests: { memory: "4Gi" } } } } };
  expect(chartOf(planned(wanted), "consul").values["server"]).toMatchObject({
    resources: { requests: { memory: "4Gi" }, limits: { memory: "4Gi" } },
  });
});

test("pods are injected in the services' namespaces and nowhere else", () => {
  const namespaces = objectsOf(planned({ intent: everything, options }), "Namespace");
  const labelled = namespaces.filter(
    (n) => n.metadata.labels?.["consul.hashicorp.com/connect-inject"] === "enabled",
  );
  expect(namespaces.map((n) => n.metadata.name)).toEqual(["consul", "consul-gateways", "shop"]);
  expect(labelled.map((n) => n.metadata.name)).toEqual(["shop"]);
});

test("clusters that cannot run it are refused", () => {
  const wanted = (features: object, over: object = bare) => said({ intent: over, features });
  expect(wanted({ netAdmin: false })).toEqual(["needs-cni at mesh"]);
  expect(said({ intent: bare, options: { cni: true }, features: { netAdmin: false } })).toEqual([]);
  expect(wanted({ webhooks: { kind: "url", origin: "https://localhost:15017" } })).toEqual([
    "unsupported-webhooks at mesh",
  ]);
  expect(wanted({ gatewayApi: { owner: "none" } }, everything)).toEqual(["needs-gateway-api at mesh"]);
});
