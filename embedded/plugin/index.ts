export { EngineLog } from "./engine-log";
export { InitFailedError, UnsupportedError } from "./errors";
export { hasUnknown, markLike, plain, redact } from "./secrets";
export { servePlugin } from "./serve";
export * from "./types";
export * from "./values";
