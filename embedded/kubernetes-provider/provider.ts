import {
  UnsupportedError,
  hasUnknown,
  markLike,
  plain,
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
import {
  checkRelease,
  createRelease,
  deleteRelease,
  diffRelease,
  readReleaseState,
  RELEASE,
  updateRelease,
} from "./helm-release/release";
import { helmTemplate } from "./helm-release/template";
import { readObject } from "./read";
import { Session } from "./session";
import { updateObject } from "./update";
import { parseAll } from "./yaml";
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
    if (request.type === RELEASE) return Promise.resolve(checkRelease(this.session, request));
    return checkObject(this.session, request);
  }

  diff(request: DiffRequest): Promise<DiffResult> {
    if (request.type === RELEASE) return Promise.resolve(diffRelease(request));
    return Promise.resolve(diffObject(this.config ?? IMMUTABLE, request));
  }

  create(request: CreateRequest): Promise<StateResult> {
    return request.type === RELEASE
      ? createRelease(this.session, request)
      : createObject(this.session, request);
  }

  read(request: ReadRequest): Promise<ReadResult | undefined> {
    return request.type === RELEASE
      ? readReleaseState(this.session, request)
      : readObject(this.session, request);
  }

  update(request: UpdateRequest): Promise<StateResult> {
    return request.type === RELEASE
      ? updateRelease(this.session, request)
      : updateObject(this.session, request);
  }

  delete(request: DeleteRequest): Promise<void> {
    return request.type === RELEASE
      ? deleteRelease(this.session, request)
      : deleteObject(this.session, request);
  }

  async invoke(token: string, args: ValueMap): Promise<ValueMap> {
    const { text, jsonOpts } = plain(args);
    if (token === "kubernetes:yaml:decode" && typeof text === "string") {
      return markLike({ result: parseAll(text) }, [args]);
    }
    if (token === "kubernetes:helm:template" && typeof jsonOpts === "string") {
      return markLike({ result: await helmTemplate(jsonOpts) }, [args]);
    }
    const hint = "not supported by the offline provider; install the official plugin";
    throw new UnsupportedError(`the function ${token} is ${hint}`);
  }

  schema(): string {
    return `${JSON.stringify({ name: "kubernetes", version: VERSION })}\n`;
  }
}
