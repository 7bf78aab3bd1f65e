export { jsonSchemaOf } from "./json-schema";
export { dangerousKeys } from "./keys";
export { parse } from "./parse";
export * from "./values";
