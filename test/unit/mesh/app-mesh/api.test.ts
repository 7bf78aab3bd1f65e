import { found } from "../../../../lib";
import { inShort } from "../intents";
import { elsewhere } from "./intents";
import { attempted, planned, resourcesOf } from "./plans";

const ecs = {
  platform: "ecs",
  region: "eu-west-1",
  discovery: { kind: "cloudMap", namespace: "mesh.local" },
};
const certificates = {
  gateways: { certificates: { "example-cert": "arn:aws:acm:eu-west-1:111122223333:certificate/1" } },
};

test("ECS tasks get their proxy's configuration, and nothing is made in Kubernetes", () => {
  const plan = planned({ intent: elsewhere("ecs"), options: { ...ecs, ...certificates } });
  expect(plan.steps.map((s) => s.id)).toEqual([
    "mesh",
    "nodes",
    "routers",
    "routes",
    "services",
    "gateways",
    "gateway-routes",
    "workloads",
  ]);
  expect(plan.outputs["proxies"]).toMatchObject({
    "shop/cart": {
      "cart-v1": {
        proxyConfiguration: {
          type: "APPMESH",
          containerName: "envoy",
          properties: {
            AppPorts: "8080,5432,9000",
            IgnoredUID: "1337",
            ProxyIngressPort: "15000",
            ProxyEgressPort: "15001",
          },
        },
      },
    },
  });
});

test("an EC2 instance gets the commands that it starts with", () => {
  const plan = planned({ intent: elsewhere("vm"), options: { ...ecs, ...certificates, platform: "ec2" } });
  const proxies = plan.outputs["proxies"] as { "shop/web": { web: { bootstrap: string[] } } };
  expect(proxies["shop/web"].web.bootstrap).toEqual([
    expect.stringContaining("--env APPMESH_RESOURCE_ARN=mesh/meshwright/virtualNode/web_shop"),
    expect.stringContaining("--env APPMESH_APP_PORTS=8080"),
  ]);
});

test("the resources name each other as App Mesh knows them", () => {
  const plan = planned({ intent: elsewhere("ecs"), options: { ...ecs, ...certificates } });
  const resources = resourcesOf(plan);
  const named = (kind: string) =>
    new Set(resources.filter((r) => r.type.endsWith(`:${kind}`)).map((r) => r.name));
  const texts = JSON.stringify(resources);
  const mentioned = (key: string) =>
    new Set([...texts.matchAll(new RegExp(`"${key}":"([^"]+)"`, "g"))].map((m) => m[1]));
  for (const name of mentioned("virtualNode")) expect(named("VirtualNode")).toContain(name);
  for (const name of mentioned("virtualRouterName")) expect(named("VirtualRouter")).toContain(name);
  for (const name of mentioned("virtualServiceName")) expect(named("VirtualService")).toContain(name);
  for (const name of mentioned("virtualGatewayName")) expect(named("VirtualGateway")).toContain(name);
  expect(new Set(resources.map((r) => `${r.type} ${r.name}`)).size).toBe(resources.length);
});

test("a node is found through Cloud Map by its version's labels", () => {
  const plan = planned({ intent: elsewhere("ecs"), options: { ...ecs, ...certificates } });
  const node = resourcesOf(plan).find((r) => r.name === "cart-v1_shop");
  expect(node?.properties["spec"]).toMatchObject({
    serviceDiscovery: {
      awsCloudMap: { namespaceName: "mesh.local", serviceName: "cart.shop", attributes: { version: "v1" } },
    },
  });
});

test("workloads outside Kubernetes need a way to be found, and listeners there a certificate in ACM", () => {
  expect(found(attempted({ intent: elsewhere("ecs"), options: { platform: "ecs" } })).map(inShort)).toEqual(
    expect.arrayContaining([
      "missing-key at mesh.discovery",
      "missing-certificate at gateways.public.listeners[1].tls.secret",
    ]),
  );
});
