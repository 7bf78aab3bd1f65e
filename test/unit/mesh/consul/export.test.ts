import { configEntries, hclOf, type ConfigEntry } from "../../../../mesh/adapters/consul/export";
import { planned, routed, services } from "./plans";

const intent = {
  ...routed({
    match: [{ path: { prefix: "/a" }, headers: { "x-a": { regex: "^${1}$" } } }],
    backends: [{ service: "shop/cart", version: "v1" }],
    headers: { request: { set: { "x-user-id": "1" } } },
  }),
  access: [{ to: { service: "shop/cart" }, action: "deny", operations: [{ paths: ["/no"] }] }],
};
const inKubernetes = configEntries(planned({ intent }));
const find = (entries: readonly ConfigEntry[], kind: string, name: string): ConfigEntry | undefined =>
  entries.find((e) => e.kind === kind && e.name === name);

test("each of Consul's objects is a config entry, in the order in which Consul accepts them", () => {
  expect(inKubernetes.map(({ kind, name }) => `${kind}/${name}`)).toEqual([
    "mesh/mesh",
    "proxy-defaults/global",
    "service-defaults/cart",
    "service-defaults/web",
    "service-intentions/*",
    "service-intentions/cart",
    "service-resolver/cart",
    "service-router/cart",
    "service-router/web",
  ]);
});

test("agents get the very same entries as Kubernetes, but for what only transparent proxies have", () => {
  const onAgents = configEntries(planned({ intent, options: { platform: "agents" } }));
  expect(onAgents).toEqual(inKubernetes);
});

test("for agents the plan holds config entries of Consul's provider, and no objects", () => {
  const plan = planned({ intent, options: { platform: "agents" } });
  const objects = plan.steps.flatMap((s) => (s.do.kind === "objects" ? s.do.objects : []));
  expect(objects).toEqual([]);
  expect(plan.clusterFeatures).toEqual([]);
  expect(plan.steps.find((s) => s.id === "resolvers")?.do).toEqual({
    kind: "cloudResources",
    resources: [
      {
        type: "consul:index/configEntry:ConfigEntry",
        name: "service-resolver-cart",
        properties: {
          kind: "service-resolver",
          name: "cart",
          configJson: JSON.stringify({
            Subsets: {
              v1: { Filter: 'Service.Meta.version == "v1"' },
              v2: { Filter: 'Service.Meta.version == "v2"' },
            },
          }),
        },
      },
    ],
  });
});

test("keys are those of Consul's API, the user's own words stay as they are", () => {
  expect(find(inKubernetes, "service-router", "cart")?.entry).toMatchObject({
    Kind: "service-router",
    Name: "cart",
    Routes: [
      {
        Match: { HTTP: { PathExact: "/a", Header: [{ Name: "x-a", Regex: "^${1}$" }] } },
        Destination: {
          Service: "cart",
          ServiceSubset: "v1",
          RequestTimeout: "-1s",
          RequestHeaders: { Set: { "x-user-id": "1" } },
        },
      },
      {},
      {},
    ],
  });
  expect(find(inKubernetes, "proxy-defaults", "global")?.entry).toEqual({
    Kind: "proxy-defaults",
    Name: "global",
    Config: { local_request_timeout_ms: 0 },
  });
  expect(find(inKubernetes, "mesh", "mesh")?.entry).not.toHaveProperty("Name");
});

test("intentions bear the name of whom they protect", () => {
  const entry = find(inKubernetes, "service-intentions", "*")?.entry;
  expect(entry).toEqual({ Kind: "service-intentions", Name: "*", Sources: [{ Action: "allow", Name: "*" }] });
});

test("HCL says the same, and leaves nothing to compute", () => {
  const router = find(inKubernetes, "service-router", "cart");
  const text = router === undefined ? "" : hclOf(router);
  expect(text.split("\n").slice(0, 10)).toEqual([
    'Kind = "service-router"',
    'Name = "cart"',
    "Routes = [",
    "  {",
    "    Destination = {",
    "      RequestHeaders = {",
    "        Set = {",
    '          "x-user-id" = "1"',
    "        }",
    "      }",
  ]);
  expect(text).toContain('Regex = "^\\u0024{1}$"');
  expect(text).not.toContain("${");
});

test("what Consul cannot do on machines is refused", () => {
  const wanted = { services, egress: { default: "deny" } };
  expect(() => planned({ intent: wanted, options: { platform: "agents" } })).toThrow(
    "unsupported-capability",
  );
});
