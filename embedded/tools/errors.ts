import type { SourceKind, ToolSpec } from "./spec";

/** Why one source could not give one tool. */
export interface Failure {
  readonly tool: string;
  readonly source: SourceKind;
  /** What went wrong, without a final stop. */
  readonly reason: string;
  /** What the user can do about it. */
  readonly remedy?: string;
}

const sourceTitles: Readonly<Record<SourceKind, string>> = {
  download: "official download",
  go: "build from its Go module",
  pypi: "PyPI wheel",
  "system-package": "system package",
};

/** Anything that stops an installation: what is wrong, and what to do. */
export class ToolsError extends Error {
  override readonly name: string = "ToolsError";
}

/** The installation was interrupted; what is complete stays and the next run goes on from there. */
export class Interrupted extends ToolsError {
  override readonly name = "Interrupted";
  constructor() {
    super("interrupted; what is finished is kept, and the next run goes on from there");
  }
}

export function noSpace(folder: string, needed: number, free: number): ToolsError {
  const size = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  return new ToolsError(
    `not enough disk space: ${size(needed)} needed below ${folder}, ${size(free)} free. ` +
      "Free some, or set MESHWRIGHT_CACHE (and GOCACHE, GOMODCACHE) to a larger disk",
  );
}

/** The code of a system error (`ENOENT`), wherever it was made. */
export function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}

export function messageOf(error: unknown): string {
  const message = typeof error === "object" && error !== null && "message" in error ? error.message : error;
  return String(message);
}

/** Whether an error, or what a program said, is a full disk. */
export function isNoSpace(error: unknown): boolean {
  const code = codeOf(error);
  return code === "ENOSPC" || code === "EDQUOT" || /no space left on device/i.test(messageOf(error));
}

function describe(spec: ToolSpec, failures: readonly Failure[]): readonly string[] {
  const own = failures.filter((f) => f.tool === spec.name);
  const onPath = spec.accepts === "*" ? spec.name : `${spec.name} ${spec.accepts}`;
  return [
    `  ${spec.name} ${spec.version} (${spec.purpose})`,
    `    PATH: no ${onPath}`,
    ...own.map((f) => `    ${sourceTitles[f.source]}: ${f.reason}`),
  ];
}

/** All tools that could not be had, each with what was tried, and all that can be done about it. */
export class MissingTools extends ToolsError {
  override readonly name = "MissingTools";
  constructor(
    readonly missing: readonly ToolSpec[],
    readonly failures: readonly Failure[],
  ) {
    const names = new Set(missing.map((spec) => spec.name as string));
    const relevant = failures.filter((f) => names.has(f.tool));
    const remedies = [...new Set(relevant.flatMap((f) => (f.remedy === undefined ? [] : [f.remedy])))];
    super(
      [
        `${missing.length === 1 ? "1 tool" : `${missing.length} tools`} could not be had:`,
        ...missing.flatMap((spec) => describe(spec, relevant)),
        "What to do:",
        ...remedies.map((r) => `  - ${r}`),
        "  - or put fitting programs on PATH yourself; `meshwright doctor` shows what is needed",
      ].join("\n"),
    );
  }
}
