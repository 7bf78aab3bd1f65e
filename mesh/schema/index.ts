export { jsonSchemaOf } from "./json-schema";
export { parse } from "./parse";
export * from "./values";
