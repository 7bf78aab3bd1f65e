/**
 * Variables for an engine that lives for seconds: it and its plugins collect their garbage less often, which takes a
 * quarter off an unchanged `up` and costs some 100 MB while it runs. What the user has set stays.
 */
export function rareCollections(env: NodeJS.ProcessEnv): {
  readonly GOGC: string;
  readonly NODE_OPTIONS: string;
} {
  const options = env["NODE_OPTIONS"] ?? "";
  return {
    GOGC: env["GOGC"] ?? "400",
    NODE_OPTIONS: options.includes("semi-space") ? options : `${options} --max-semi-space-size=32`.trim(),
  };
}
