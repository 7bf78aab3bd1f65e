import { latticeTable, serviceConnectTable } from "../../../../mesh/adapters/app-mesh/successors";
import { capabilityIds } from "../../../../mesh/capability/ids";
import type { KubeObject, MeshPlan } from "../../../../mesh/plan/types";
import { checkAgainstCrds, whereCrdsAre } from "../../../support/crds";
import { elsewhere, everything } from "./intents";
import { planned } from "./plans";

interface Output {
  readonly title: string;
  readonly losses: readonly {
    readonly capability: string;
    readonly places: number;
    readonly reason: string;
  }[];
  readonly carries: {
    readonly objects?: KubeObject[];
    readonly services?: { readonly [key: string]: unknown };
  };
}

const successorOf = (plan: MeshPlan): Output => plan.outputs["successor"] as unknown as Output;
const ecs = {
  platform: "ecs",
  discovery: { kind: "cloudMap", namespace: "mesh.local" },
  gateways: { certificates: { "example-cert": "arn:aws:acm:eu-west-1:111122223333:certificate/1" } },
};

test("VPC Lattice is told to lack what it lacks, and how often", () => {
  const { title, losses } = successorOf(planned({ intent: everything }));
  expect(title).toBe("VPC Lattice");
  expect(losses.map((l) => `${l.capability}: ${l.places}`)).toEqual(
    expect.arrayContaining(["match.path.regex: 1", "retry: 2", "timeout.request: 2", "mtls.strict: 1"]),
  );
  expect(losses.map((l) => l.capability)).not.toContain("backend.split");
});

whereCrdsAre("with the CRDs", () => {
  test("what VPC Lattice takes over passes the Gateway API's CRDs, and never matches more than the intent", () => {
    const { carries } = successorOf(planned({ intent: everything }));
    const objects = carries.objects ?? [];
    expect(checkAgainstCrds(objects, "standard")).toEqual([]);
    const cart = objects.find((o) => o.kind === "HTTPRoute" && o.metadata.name === "cart-80");
    // Of the three matches of the first rule one has a regular expression, one a query and a cookie, one a header's.
    expect(cart?.["spec"]).toMatchObject({
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: "/" } }],
          backendRefs: [
            { name: "cart-v1", port: 80, weight: 95 },
            { name: "cart-v2", port: 80, weight: 5 },
          ],
        },
      ],
    });
    expect((cart?.["spec"] as { rules: unknown[] }).rules).toHaveLength(1);
  });
});

test("tasks of ECS go to Service Connect, which has names and no routes", () => {
  const { title, losses, carries } = successorOf(planned({ intent: elsewhere("ecs"), options: ecs }));
  expect(title).toBe("ECS Service Connect");
  expect(losses.map((l) => l.capability)).toEqual(
    expect.arrayContaining(["route.http", "backend.split", "mtls.strict"]),
  );
  expect(carries.services?.["shop/web"]).toEqual({
    portMappings: [{ name: "http-80", containerPort: 8080, appProtocol: "http" }],
    serviceConnectConfiguration: {
      enabled: true,
      namespace: "meshwright",
      services: [
        {
          portName: "http-80",
          discoveryName: "web-shop-80",
          clientAlias: [{ dnsName: "web.shop", port: 80 }],
        },
      ],
    },
  });
});

test("both successors answer for every capability, with a source", () => {
  for (const table of [latticeTable, serviceConnectTable]) {
    for (const id of capabilityIds)
      expect([id, table[id].source]).toEqual([id, expect.stringMatching(/^https:/)]);
  }
});
