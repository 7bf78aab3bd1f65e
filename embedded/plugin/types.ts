import type { EngineLog } from "./engine-log";
import type { ValueMap } from "./values";

/** What every request about one resource says. */
export interface ResourceRequest {
  readonly urn: string;
  /** `<package>:<module>:<Kind>`. */
  readonly type: string;
  readonly name: string;
  /** Where to tell the user how it goes; messages are free of the request's secrets. */
  readonly log: ResourceLog;
  /** Fires when the engine cancels all that is under way. */
  readonly signal: AbortSignal;
}

export interface ResourceLog {
  /** Shown beside the resource until the next one; an empty one clears it. */
  status(severity: Severity, message: string): void;
  /** Kept and shown at the end. */
  message(severity: Severity, message: string): void;
}

export type Severity = "info" | "warning" | "error";

export interface CheckRequest extends ResourceRequest {
  readonly olds: ValueMap;
  readonly news: ValueMap;
  readonly randomSeed: Uint8Array;
  readonly autonaming?: Autonaming;
}

export interface Autonaming {
  readonly mode: "propose" | "enforce" | "disable";
  readonly proposedName: string;
}

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface CheckResult {
  readonly inputs: ValueMap;
  readonly failures?: readonly CheckFailure[];
}

export interface DiffRequest extends ResourceRequest {
  readonly id: string;
  readonly olds: ValueMap;
  readonly oldInputs: ValueMap;
  readonly news: ValueMap;
}

export type DiffKind = "ADD" | "DELETE" | "UPDATE";

export interface PropertyDiff {
  readonly kind: DiffKind;
  readonly replace: boolean;
  /** The difference is between inputs, not between an input and the live object. */
  readonly inputDiff: boolean;
}

export interface DiffResult {
  /** Property paths (`spec.ports[0].port`) that differ. None: nothing changed. */
  readonly detailed?: Readonly<Record<string, PropertyDiff>>;
  /** Property names that differ, where paths are not told. */
  readonly diffs?: readonly string[];
  readonly replaces?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
}

export interface CreateRequest extends ResourceRequest {
  readonly properties: ValueMap;
  readonly preview: boolean;
  /** Seconds the user allowed; 0: the provider's own limit. */
  readonly timeout: number;
}

export interface ReadRequest extends ResourceRequest {
  readonly id: string;
  /** Empty when the object is imported or looked up. */
  readonly properties: ValueMap;
  readonly inputs: ValueMap;
}

export interface UpdateRequest extends ResourceRequest {
  readonly id: string;
  readonly olds: ValueMap;
  readonly oldInputs: ValueMap;
  readonly news: ValueMap;
  readonly preview: boolean;
  readonly timeout: number;
}

export interface DeleteRequest extends ResourceRequest {
  readonly id: string;
  readonly properties: ValueMap;
  readonly oldInputs: ValueMap;
  readonly timeout: number;
}

/** `id` is empty in previews. */
export interface StateResult {
  readonly id: string;
  readonly properties: ValueMap;
}

export interface ReadResult extends StateResult {
  readonly inputs: ValueMap;
}

/** A resource plugin, free of gRPC. What it throws is told to the user as it is. */
export interface PluginProvider {
  readonly version: string;
  checkConfig(news: ValueMap): Promise<CheckResult>;
  diffConfig(olds: ValueMap, news: ValueMap): Promise<DiffResult>;
  configure(config: ValueMap, log: EngineLog): Promise<void>;
  check(request: CheckRequest): Promise<CheckResult>;
  diff(request: DiffRequest): Promise<DiffResult>;
  create(request: CreateRequest): Promise<StateResult>;
  /** Undefined: it is gone. */
  read(request: ReadRequest): Promise<ReadResult | undefined>;
  update(request: UpdateRequest): Promise<StateResult>;
  delete(request: DeleteRequest): Promise<void>;
  /** Throws UnsupportedError for tokens it does not know. */
  invoke(token: string, args: ValueMap): Promise<ValueMap>;
  /** JSON of the package's schema, as far as it is known. */
  schema(): string;
}
