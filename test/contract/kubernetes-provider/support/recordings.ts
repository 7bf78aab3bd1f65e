import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What the official plugin was seen to do; lies beside the repository, not in it. */
export const RECORDINGS = join(__dirname, "../../../../../shared/data/provider-recordings");

export const recordingsMissing = existsSync(RECORDINGS) ? undefined : `no ${RECORDINGS}`;

/** One call of the engine to the plugin. */
export interface Call {
  readonly method: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly response: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly string[];
}

interface Line {
  readonly method: string;
  readonly progress: string;
  readonly request?: Readonly<Record<string, unknown>>;
  readonly response?: Readonly<Record<string, unknown>>;
  readonly errors?: readonly string[];
}

const SERVICE = "/pulumirpc.ResourceProvider/";

/** The completed provider calls of a PULUMI_DEBUG_GRPC file. */
export function readCalls(file: string): Call[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => line.method.startsWith(SERVICE) && line.progress === "response_completed")
    .map(({ method, request = {}, response = null, errors = [] }) => ({
      method: method.slice(SERVICE.length),
      request,
      response,
      errors,
    }));
}

export function recordedText(name: string): string {
  return readFileSync(join(RECORDINGS, name), "utf8");
}
