import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import type { Json, JsonObject } from "../../../../lib";
import type { KubeObject, MeshPlan } from "../../../../mesh/plan/types";
import { schemaFaults } from "../../../support/crd-schema";
import { charts, whereThereAre } from "../../render/needs";
import { objectsOf } from "./plans";

const goldens = join(__dirname, "../../../golden");

/** The schema of each kind and version that Istio's own CRDs define, as `group/version/kind`. */
function istioSchemas(): ReadonlyMap<string, JsonObject> {
  const file = join(charts ?? "", "base", "files", "crd-all.gen.yaml");
  const documents = parseAllDocuments(readFileSync(file, "utf8"));
  const crds = (Array.isArray(documents) ? documents : []).map((d) => d.toJS() as Crd);
  return new Map(
    crds.flatMap(({ spec }) =>
      spec.versions.map(
        (v) => [`${spec.group}/${v.name}/${spec.names.kind}`, v.schema.openAPIV3Schema] as const,
      ),
    ),
  );
}

interface Crd {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: JsonObject };
    }[];
  };
}

function faults(
  schemas: ReadonlyMap<string, JsonObject>,
  { apiVersion, kind, metadata, ...rest }: KubeObject,
): string[] {
  const schema = schemas.get(`${apiVersion}/${kind}`);
  if (schema === undefined) return [`no schema for ${apiVersion} ${kind}`];
  return schemaFaults(schema, rest as Json, `${kind} ${metadata.name}`);
}

whereThereAre({ charts })("Istio's own schemas", () => {
  const cases = readdirSync(goldens).filter((f) => f.endsWith(".out.yaml"));
  const schemas = charts === undefined ? new Map<string, JsonObject>() : istioSchemas();

  test.each(cases)("accept every Istio object in %s", (file) => {
    const { plan } = parse(readFileSync(join(goldens, file), "utf8")) as { plan?: MeshPlan };
    const objects =
      plan === undefined ? [] : objectsOf(plan).filter((o) => o.apiVersion.includes("istio.io/"));
    expect(objects.flatMap((object) => faults(schemas, object))).toEqual([]);
  });

  test("refuse what is misspelled, mistyped, or two things at once", () => {
    const route = (spec: Json): KubeObject => ({
      apiVersion: "networking.istio.io/v1",
      kind: "VirtualService",
      metadata: { name: "x" },
      spec,
    });
    expect(faults(schemas, route({ hosts: "x" }))).toEqual([
      "VirtualService x.spec.hosts: string instead of array",
    ]);
    expect(faults(schemas, route({ hosts: ["x"], htpp: [] }))).toEqual([
      "VirtualService x.spec.htpp: unknown field",
    ]);
    expect(
      faults(schemas, route({ http: [{ match: [{ uri: { exact: "/a", prefix: "/b" } }] }] })),
    ).not.toEqual([]);
    const peer: KubeObject = {
      ...route({ mtls: { mode: "Strict" } }),
      apiVersion: "security.istio.io/v1",
      kind: "PeerAuthentication",
    };
    expect(faults(schemas, peer)).toEqual(['PeerAuthentication x.spec.mtls.mode: "Strict" is not listed']);
  });
});
