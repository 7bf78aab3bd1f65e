export { configEntries, configEntry, configResource, type ConfigEntry } from "./entries";
export { hclOf } from "./hcl";
