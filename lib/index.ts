export * from "./diagnostic";
export * from "./field-path";
export * from "./json";
export * from "./result";
