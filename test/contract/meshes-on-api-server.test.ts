import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { compile, parseIntent } from "../../mesh";
import type { KubeObject, MeshPlan } from "../../mesh/plan/types";
import { ableTarget } from "../../mesh/who-can";
import { allCrds, crdSources, hasKnownGroup } from "../support/crds";
import { capabilitiesOf, forms, meshFor, type Form } from "../support/forms";
import { Dice, intentOf } from "../support/intents";
import {
  describeUnless,
  describeWith,
  startTestCluster,
  type TestCluster,
} from "./kubernetes-provider/support/cluster";

/**
 * Every object of every golden plan and of some random ones, judged by a real API server that has every mesh's CRDs: schemas, rules in CEL and
 * unknown fields. Nothing is stored but what other objects need: CRDs and namespaces.
 */
jest.setTimeout(600_000);

const goldens = join(__dirname, "../golden");
const manager = { fieldManager: "meshwright-test", force: true };
/** Random intents of each form. */
const SAMPLES = process.env["MESHWRIGHT_PROVE"] === "1" ? 60 : 4;
const missing = Object.entries(crdSources).flatMap(([name, folder]) => (folder === undefined ? [name] : []));

function golden(file: string): KubeObject[] {
  const { plan } = parse(readFileSync(join(goldens, file), "utf8")) as { plan?: MeshPlan };
  return plan === undefined ? [] : objectsOf(plan);
}

/** Objects of plans for random intents of what a form has. */
function randomObjects(form: Form): KubeObject[] {
  const allowed = capabilitiesOf(form);
  const dice = new Dice(29);
  const plans: MeshPlan[] = [];
  for (let seed = 0; plans.length < SAMPLES && seed < 50 * SAMPLES; seed++) {
    const { intent } = intentOf(dice.shuffled(allowed).slice(0, dice.int(1, 12)), seed, { allowed });
    const parsed = parseIntent(intent);
    const plan = parsed.ok ? compile(parsed.value, meshFor(form, intent), ableTarget) : undefined;
    if (plan?.ok === true) plans.push(plan.value);
  }
  expect(plans).toHaveLength(SAMPLES);
  return plans.flatMap(objectsOf);
}

function objectsOf({ steps }: MeshPlan): KubeObject[] {
  return steps
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
    const namespaces = new Set<string>();
    const cases = readdirSync(goldens).filter((file) => file.endsWith(".out.yaml"));

    beforeAll(async () => {
      cluster = await startTestCluster();
      const crds = allCrds();
      // Not by apply: it would refuse the stray keys that some project's CRDs have.
      for (const crd of crds) await cluster.client.create(crd, { fieldManager: manager.fieldManager });
      await Promise.all(crds.map(({ metadata }) => established(cluster, metadata.name)));
    });
    afterAll(() => cluster?.remove());

    async function refusal(object: KubeObject): Promise<string[]> {
      try {
        await cluster.client.apply(object, { ...manager, dryRun: true });
        return [];
      } catch (error) {
        return [`${object.kind} ${object.metadata.name}: ${(error as Error).message}`];
      }
    }

    async function refusals(objects: readonly KubeObject[]): Promise<string[]> {
      for (const { metadata } of objects)
        if (metadata.namespace !== undefined) await withNamespace(metadata.namespace);
      const found = [];
      for (const object of objects) found.push(...(await refusal(object)));
      return [...new Set(found)];
    }

    async function withNamespace(name: string): Promise<void> {
      if (namespaces.has(name)) return;
      namespaces.add(name);
      await cluster.client.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } }, manager);
    }

    test.each(cases)("every object of %s is accepted", async (file) => {
      expect(await refusals(golden(file))).toEqual([]);
    });

    test.each(forms)("every object of random plans for $name is accepted", async (form) => {
      expect(await refusals(randomObjects(form))).toEqual([]);
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
        expect.stringContaining("must not be used together with backendRefs"),
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
    const { status } = crd as { status?: { conditions?: { type: string; status: string }[] | null } };
    const found = status?.conditions?.some((one) => one.type === "Established" && one.status === "True");
    if (found === true) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`the CRD ${name} is not established`);
}
