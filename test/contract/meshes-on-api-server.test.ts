import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { KubeObject, MeshPlan } from "../../mesh/plan/types";
import { allCrds, crdSources, hasKnownGroup } from "../support/crds";
import {
  describeUnless,
  describeWith,
  startTestCluster,
  type TestCluster,
} from "./kubernetes-provider/support/cluster";

/**
 * Every object of every golden plan, judged by a real API server that has every mesh's CRDs: schemas, rules in CEL and
 * unknown fields. Nothing is stored but what other objects need: CRDs and namespaces.
 */
jest.setTimeout(600_000);

const goldens = join(__dirname, "../golden");
const manager = { fieldManager: "meshwright-test", force: true };
const missing = Object.entries(crdSources).flatMap(([name, folder]) => (folder === undefined ? [name] : []));

function objectsOf(file: string): KubeObject[] {
  const { plan } = parse(readFileSync(join(goldens, file), "utf8")) as { plan?: MeshPlan };
  return (plan?.steps ?? [])
    .flatMap(({ do: action }) => (action.kind === "objects" ? action.objects : []))
    .filter(hasKnownGroup)
    .filter((object) => !holdsRef(object));
}

/** Values that are only known at deploy time cannot be judged before. */
function holdsRef(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "$ref" in value || Object.values(value).some(holdsRef);
}

describeUnless(missing.length > 0 ? `no CRDs: ${missing.join(", ")}` : undefined, "golden plans", () => {
  describeWith([], "on a real API server", () => {
    let cluster: TestCluster;
    const cases = readdirSync(goldens).filter((file) => file.endsWith(".out.yaml"));

    beforeAll(async () => {
      cluster = await startTestCluster();
      const crds = allCrds();
      for (const crd of crds) await cluster.client.apply(crd as never, manager);
      await Promise.all(crds.map(({ metadata }) => established(cluster, metadata.name)));
      const namespaces = new Set(
        cases.flatMap(objectsOf).flatMap(({ metadata }) => metadata.namespace ?? []),
      );
      for (const name of namespaces) {
        await cluster.client.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } }, manager);
      }
    });
    afterAll(() => cluster?.remove());

    async function refusal(object: KubeObject): Promise<string[]> {
      try {
        await cluster.client.apply(object as never, { ...manager, dryRun: true });
        return [];
      } catch (error) {
        return [`${object.kind} ${object.metadata.name}: ${(error as Error).message}`];
      }
    }

    test.each(cases)("every object of %s is accepted", async (file) => {
      const refusals = [];
      for (const object of objectsOf(file)) refusals.push(...(await refusal(object)));
      expect(refusals).toEqual([]);
    });

    test("what breaks a schema, a rule in CEL, or has a field too many is refused", async () => {
      const route = (rule: object): KubeObject => ({
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata: { name: "x", namespace: "default" },
        spec: { rules: [rule] } as never,
      });
      const redirect = { type: "RequestRedirect", requestRedirect: { statusCode: 301 } };
      expect(await refusal(route({ filters: [redirect] }))).toEqual([]);
      expect(await refusal(route({ timeouts: { request: "ten" } }))).toHaveLength(1);
      expect(await refusal(route({ retries: 1 }))).toHaveLength(1);
      const backendRefs = [{ name: "web", port: 80 }];
      // RequestRedirect and backends exclude each other by a rule in CEL only.
      expect(await refusal(route({ filters: [redirect], backendRefs }))).toEqual([
        expect.stringContaining("redirect"),
      ]);
    });
  });
});

async function established({ client }: TestCluster, name: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const crd = await client.get({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      name,
    });
    const { conditions = [] } =
      (crd as { status?: { conditions?: { type: string; status: string }[] } }).status ?? {};
    if (conditions.some(({ type, status }) => type === "Established" && status === "True")) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`the CRD ${name} is not established`);
}
