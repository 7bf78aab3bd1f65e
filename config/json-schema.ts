import type { JsonObject } from "../lib";
import { intentSchema } from "../mesh/intent";
import { meshes } from "../mesh/registry";
import { jsonSchemaOf } from "../mesh/schema";
import { providers } from "../providers/registry";

/** JSON Schema of a stack's file, for the completion and checks of editors. Keys that are not ours are left open. */
export function configSchema(): JsonObject {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Meshwright stack",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: {
          "meshwright:cluster": cluster(),
          "meshwright:clusters": { type: "object", additionalProperties: cluster() },
          "meshwright:mesh": {
            oneOf: Object.entries(meshes).map(([kind, adapter]) => mesh(kind, adapter.jsonSchema())),
          },
          "meshwright:intent": {
            anyOf: [elsewhere("file"), elsewhere("folder"), { $ref: "#/$defs/intent" }],
          },
          "meshwright:workloads": { type: "array", items: { type: "string" } },
        },
      },
    },
    $defs: { intent: jsonSchemaOf(intentSchema) },
  };
}

/** Providers check their own options; here only their names are known. */
function cluster(): JsonObject {
  return { type: "object", properties: { kind: { enum: Object.keys(providers) } }, required: ["kind"] };
}

function mesh(kind: string, options: JsonObject): JsonObject {
  const properties = { kind: { const: kind }, ...(options["properties"] as JsonObject) };
  return { ...options, properties, required: ["kind"] };
}

/** An intent in a file of its own, or in a folder of them. */
function elsewhere(key: string): JsonObject {
  return {
    type: "object",
    properties: { [key]: { type: "string" } },
    required: [key],
    additionalProperties: false,
  };
}
