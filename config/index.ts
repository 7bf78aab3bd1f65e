export { configSchema } from "./json-schema";
export { loadConfig } from "./load";
export { sectionPath } from "./stack-file";
export type { DeploymentConfig } from "./types";
