import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentials, Server, ServerCredentials, type ServiceError } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { pluginUnderTest } from "./plugin";

export type Props = Record<string, unknown>;

/** What a call answered. */
export interface Answer {
  readonly id: string;
  readonly properties: Props;
  readonly inputs: Props;
}

/** How a call failed; `reasons` and `properties` are there if the object was kept all the same. */
export class CallError extends Error {
  constructor(
    message: string,
    readonly reasons: readonly string[],
    readonly properties: Props | undefined,
  ) {
    super(message);
  }
}

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const secret = (value: unknown): Props => ({ ...SECRET, value });

/** Whether `text` stands anywhere in `value` outside of a secret. */
export function exposes(value: unknown, text: string): boolean {
  if (typeof value === "string") return value.includes(text);
  if (Array.isArray(value)) return value.some((item) => exposes(item, text));
  if (typeof value !== "object" || value === null) return false;
  const [[signature = "", mark] = []] = Object.entries(SECRET);
  if ((value as Props)[signature] === mark) return false;
  return Object.values(value).some((item) => exposes(item, text));
}

type Call<Q, A> = (request: Q, callback: (error: ServiceError | null, answer: A) => void) => unknown;

/** The plugin under test, called as the engine calls it, with its messages kept. */
export class Plugin {
  readonly messages: string[] = [];
  private readonly home = mkdtempSync(join(tmpdir(), "meshwright-plugin-"));
  /** Where the plugin puts files for a moment. */
  readonly temporary = join(this.home, "temporary");
  private readonly engine = new Server();
  private child: ChildProcess | undefined;
  private client: ResourceProviderClient | undefined;
  /** What the plugin wrote to its standard error. */
  stderr = "";

  static async start(config: Props): Promise<Plugin> {
    const plugin = new Plugin();
    await plugin.launch();
    const request = new pb.ConfigureRequest();
    request.setArgs(struct(config));
    request.setAcceptsecrets(true);
    await plugin.call(request, "configure");
    return plugin;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  async check(type: string, news: Props, olds: Props = {}): Promise<{ inputs: Props; failures: string[] }> {
    const request = this.about(new pb.CheckRequest(), type);
    request.setNews(struct(news));
    request.setOlds(struct(olds));
    request.setRandomseed(Buffer.from("seed"));
    const answer = (await this.call(request, "check")) as pb.CheckResponse;
    return {
      inputs: js(answer.getInputs()),
      failures: answer.getFailuresList().map((f) => `${f.getProperty()}: ${f.getReason()}`),
    };
  }

  async diff(type: string, olds: Props, news: Props): Promise<pb.DiffResponse.AsObject> {
    const request = this.about(new pb.DiffRequest(), type);
    request.setOldInputs(struct(olds));
    request.setOlds(struct({ ...olds, __inputs: olds }));
    request.setNews(struct(news));
    return ((await this.call(request, "diff")) as pb.DiffResponse).toObject();
  }

  async create(
    type: string,
    properties: Props,
    options: { preview?: boolean; timeout?: number } = {},
  ): Promise<Answer> {
    const request = this.about(new pb.CreateRequest(), type);
    request.setProperties(struct(properties));
    request.setPreview(options.preview ?? false);
    request.setTimeout(options.timeout ?? 0);
    const answer = (await this.call(request, "create")) as pb.CreateResponse;
    return { id: answer.getId(), properties: js(answer.getProperties()), inputs: {} };
  }

  async update(type: string, before: Answer, news: Props, preview = false): Promise<Answer> {
    const request = this.about(new pb.UpdateRequest(), type);
    request.setId(before.id);
    request.setOlds(struct(before.properties));
    request.setOldInputs(struct((before.properties["__inputs"] ?? before.inputs) as Props));
    request.setNews(struct(news));
    request.setPreview(preview);
    const answer = (await this.call(request, "update")) as pb.UpdateResponse;
    return { id: before.id, properties: js(answer.getProperties()), inputs: news };
  }

  async read(type: string, before: Pick<Answer, "id"> & Partial<Answer>): Promise<Answer> {
    const request = this.about(new pb.ReadRequest(), type);
    request.setId(before.id);
    request.setProperties(struct(before.properties ?? {}));
    request.setInputs(struct((before.properties?.["__inputs"] ?? before.inputs ?? {}) as Props));
    const answer = (await this.call(request, "read")) as pb.ReadResponse;
    return { id: answer.getId(), properties: js(answer.getProperties()), inputs: js(answer.getInputs()) };
  }

  async delete(type: string, before: Answer): Promise<void> {
    const request = this.about(new pb.DeleteRequest(), type);
    request.setId(before.id);
    request.setProperties(struct(before.properties));
    request.setOldInputs(struct((before.properties["__inputs"] ?? before.inputs) as Props));
    await this.call(request, "delete");
  }

  async invoke(token: string, args: Props): Promise<Props> {
    const request = new pb.InvokeRequest();
    request.setTok(token);
    request.setArgs(struct(args));
    return js(((await this.call(request, "invoke")) as pb.InvokeResponse).getReturn());
  }

  async construct(type: string): Promise<void> {
    const request = new pb.ConstructRequest();
    request.setType(type);
    await this.call(request, "construct");
  }

  async checkConfig(news: Props): Promise<string[]> {
    const request = new pb.CheckRequest();
    request.setNews(struct(news));
    const answer = (await this.call(request, "checkConfig")) as pb.CheckResponse;
    return answer.getFailuresList().map((f) => `${f.getProperty()}: ${f.getReason()}`);
  }

  async diffConfig(olds: Props, news: Props): Promise<pb.DiffResponse.AsObject> {
    const request = new pb.DiffRequest();
    request.setOldInputs(struct(olds));
    request.setNews(struct(news));
    return ((await this.call(request, "diffConfig")) as pb.DiffResponse).toObject();
  }

  /** What the engine sends on Ctrl-C. */
  async cancel(): Promise<void> {
    await this.call(new Empty(), "cancel");
  }

  /** Ends the plugin as the engine does, and resolves when it has gone. */
  async stop(): Promise<void> {
    this.client?.close();
    const gone = new Promise((resolve) => this.child?.once("exit", resolve));
    if (this.child?.exitCode === null && this.child.signalCode === null) {
      this.child.kill("SIGINT");
      await gone;
    }
    this.engine.forceShutdown();
    rmSync(this.home, { recursive: true, force: true });
  }

  private async launch(): Promise<void> {
    const log = ({ request }: { request: LogRequest }, reply: (error: null, answer: Empty) => void) => {
      this.messages.push(request.getMessage());
      reply(null, new Empty());
    };
    const unused = (_: unknown, reply: (error: null, answer: Empty) => void) => reply(null, new Empty());
    const others = Object.fromEntries(Object.keys(EngineService).map((name) => [name, unused]));
    this.engine.addService(EngineService, { ...others, log });
    const port = await new Promise<number>((resolve, reject) =>
      this.engine.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    mkdirSync(this.temporary);
    const child = spawn(pluginUnderTest(this.home), [`127.0.0.1:${port}`], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, TMPDIR: this.temporary },
    });
    this.child = child;
    child.stderr.on("data", (text: Buffer) => (this.stderr += text.toString()));
    const address = await new Promise<string>((resolve, reject) => {
      child.stdout.once("data", (line: Buffer) => resolve(`127.0.0.1:${line.toString().trim()}`));
      child.once("exit", (code) => reject(new Error(`the plugin ended with code ${code}: ${this.stderr}`)));
    });
    this.client = new ResourceProviderClient(address, credentials.createInsecure());
  }

  private about<
    Q extends { setUrn(urn: string): void; setType(type: string): void; setName(name: string): void },
  >(request: Q, type: string): Q {
    request.setUrn(`urn:pulumi:dev::test::${type}::thing`);
    request.setType(type);
    request.setName("thing");
    return request;
  }

  private call(request: unknown, method: keyof ResourceProviderClient): Promise<unknown> {
    const { client } = this;
    if (!client) throw new Error("the plugin was not started");
    const call = (client[method] as Call<unknown, unknown>).bind(client);
    return new Promise((resolve, reject) =>
      call(request, (error, answer) => (error ? reject(callError(error)) : resolve(answer))),
    );
  }
}

function callError(error: ServiceError): CallError {
  const [raw] = error.metadata.get("grpc-status-details-bin");
  if (!raw) return new CallError(error.details, [], undefined);
  const [detail] = Status.deserializeBinary(raw as Buffer).getDetailsList();
  const failed = pb.ErrorResourceInitFailed.deserializeBinary(detail?.getValue_asU8() ?? new Uint8Array());
  return new CallError(error.details, failed.getReasonsList(), js(failed.getProperties()));
}

function struct(value: Props): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(value)) as never);
}

function js(value: Struct | undefined): Props {
  return value?.toJavaScript() ?? {};
}
