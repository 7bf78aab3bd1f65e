import {
  UnsupportedError,
  hasUnknown,
  type CheckRequest,
  type CheckResult,
  type CreateRequest,
  type DeleteRequest,
  type DiffRequest,
  type DiffResult,
  type PluginProvider,
  type ReadRequest,
  type ReadResult,
  type StateResult,
  type UpdateRequest,
  type ValueMap,
} from "../plugin";
import { checkObject } from "./check";
import { createObject } from "./create";
import { deleteObject } from "./delete";
import { diffObject } from "./diff";
import { configFailures, diffConfig, parseConfig, type ProviderConfig } from "./provider-config";
import { readObject } from "./read";
import { Session } from "./session";
import { updateObject } from "./update";
import { VERSION } from "./version";

const IMMUTABLE = { configMapMutable: false, secretMutable: false };

export class KubernetesProvider implements PluginProvider {
  readonly version = VERSION;
  private session = new Session(undefined);
  private config: ProviderConfig | undefined;

  checkConfig(news: ValueMap): Promise<CheckResult> {
    return Promise.resolve({ inputs: news, failures: configFailures(news) });
  }

  diffConfig(olds: ValueMap, news: ValueMap): Promise<DiffResult> {
    return Promise.resolve(diffConfig(olds, news));
  }

  /** Reads the settings only: a cluster that cannot be reached is told when something is asked of it. */
  configure(config: ValueMap): Promise<void> {
    if (hasUnknown(config)) return Promise.resolve();
    try {
      this.config = parseConfig(config);
      this.session = new Session(this.config);
    } catch (error) {
      this.session = new Session(error as Error);
    }
    return Promise.resolve();
  }

  check(request: CheckRequest): Promise<CheckResult> {
    return checkObject(this.session, request);
  }

  diff(request: DiffRequest): Promise<DiffResult> {
    return Promise.resolve(diffObject(this.config ?? IMMUTABLE, request));
  }

  create(request: CreateRequest): Promise<StateResult> {
    return createObject(this.session, request);
  }

  read(request: ReadRequest): Promise<ReadResult | undefined> {
    return readObject(this.session, request);
  }

  update(request: UpdateRequest): Promise<StateResult> {
    return updateObject(this.session, request);
  }

  delete(request: DeleteRequest): Promise<void> {
    return deleteObject(this.session, request);
  }

  invoke(token: string): Promise<ValueMap> {
    const hint = "not supported by the offline provider; install the official plugin";
    return Promise.reject(new UnsupportedError(`the function ${token} is ${hint}`));
  }

  schema(): string {
    return `${JSON.stringify({ name: "kubernetes", version: VERSION })}\n`;
  }
}
