import { errorAt, isJsonObject, type Diagnostic, type FieldPath, type JsonObject } from "../../lib";
import { nameObject } from "./identity";
import { schemaFaults } from "./structural-schema";
import type { KubeObject } from "./types";

/** The schemas of custom resources, by their API version and kind: `networking.istio.io/v1/VirtualService`. */
export type CrdSchemas = ReadonlyMap<string, JsonObject>;

/** What we read of a CRD. It comes from a chart or a project's release, so it has this form. */
interface CrdSpec {
  readonly group: string;
  readonly names: { readonly kind: string };
  readonly versions: readonly {
    readonly name: string;
    readonly served: boolean;
    readonly schema: { readonly openAPIV3Schema: JsonObject };
  }[];
}

/** The schemas that CRDs define, for every version that is served. Other objects are passed over. */
export function schemasOf(objects: Iterable<KubeObject>): CrdSchemas {
  const schemas = new Map<string, JsonObject>();
  for (const { kind, spec } of objects) {
    if (kind !== "CustomResourceDefinition") continue;
    const { group, names, versions } = spec as unknown as CrdSpec;
    for (const { name, served, schema } of versions) {
      if (served) schemas.set(`${group}/${name}/${names.kind}`, schema.openAPIV3Schema);
    }
  }
  return schemas;
}

/** An object, and where it is written. */
export interface PlacedObject {
  readonly object: KubeObject;
  readonly at: FieldPath;
}

/**
 * What the API server would say against custom resources by the structural schemas of their CRDs. Objects of kinds that
 * Kubernetes itself has are passed over; of any other, the CRD must be there. Rules in CEL are left to the server.
 */
export function checkObjects(objects: readonly PlacedObject[], schemas: CrdSchemas): Diagnostic[] {
  return objects.flatMap(({ object, at }) => {
    const { apiVersion, kind } = object;
    const schema = schemas.get(`${apiVersion}/${kind}`);
    if (schema === undefined) return isBuiltIn(apiVersion) ? [] : [noSchema(object, { at, schemas })];
    return schemaFaults(withoutMetadata(schema), object as JsonObject).map(({ path, message, hint }) =>
      errorAt([...at, ...path], {
        code: "bad-object",
        message: `${nameObject(object)}: ${message}`,
        ...(hint === undefined ? {} : { hint }),
      }),
    );
  });
}

/** Metadata is the same for all kinds, and checked as such by the server. */
function withoutMetadata(schema: JsonObject): JsonObject {
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  return { ...schema, properties: { ...properties, apiVersion: {}, kind: {}, metadata: {} } };
}

/** Groups of custom resources have a dot and are not Kubernetes' own. */
function isBuiltIn(apiVersion: string): boolean {
  const [group = "", version] = apiVersion.split("/");
  return version === undefined || !group.includes(".") || BUILT_IN.test(group);
}

/** The Gateway API lies under the same domain and is no part of Kubernetes. */
const BUILT_IN =
  /^(admissionregistration|apiextensions|apiregistration|authentication|authorization|rbac\.authorization|certificates|coordination|discovery|events|flowcontrol\.apiserver|networking|node|resource|scheduling|storage)\.k8s\.io$/;

function noSchema(object: KubeObject, { at, schemas }: { at: FieldPath; schemas: CrdSchemas }): Diagnostic {
  const { apiVersion, kind } = object;
  const [group] = apiVersion.split("/");
  const others = [...schemas.keys()].filter((key) => key.startsWith(`${group}/`) && key.endsWith(`/${kind}`));
  return errorAt(at, {
    code: "unknown-kind",
    message: `${nameObject(object)} is of ${apiVersion}, which none of the CRDs here defines`,
    hint:
      others.length > 0
        ? `the kind is served as ${others.map((key) => key.slice(0, key.lastIndexOf("/"))).join(", ")}`
        : "install its CRD with the cluster, or take the object out",
  });
}
