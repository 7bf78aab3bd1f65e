import {
  Metadata,
  type sendUnaryData,
  type ServerUnaryCall,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import type { EngineLog } from "./engine-log";
import { UNIMPLEMENTED, UnsupportedError } from "./errors";
import * as response from "./responses";
import { redact } from "./secrets";
import type { PluginProvider, ResourceRequest } from "./types";
import { decode, type ValueMap } from "./values";

type Handler = (call: ServerUnaryCall<unknown, unknown>, reply: sendUnaryData<unknown>) => void;

interface Identified {
  getUrn(): string;
  getType(): string;
  getName(): string;
}

/** Serves a provider as `pulumirpc.ResourceProvider`. */
export function serviceOf(
  provider: PluginProvider,
  { log, cancelled }: { readonly log: EngineLog; readonly cancelled: AbortController },
): UntypedServiceImplementation {
  const about = (request: Identified, values: () => readonly ValueMap[]): ResourceRequest => ({
    urn: request.getUrn(),
    // Older engines leave type and name to the URN.
    type: request.getType() || (request.getUrn().split("::")[2]?.split("$").pop() ?? ""),
    name: request.getName() || (request.getUrn().split("::").pop() ?? ""),
    log: log.of(request.getUrn(), (message) => redact(message, values())),
    signal: cancelled.signal,
  });
  const answer = <Q, A>(handle: (request: Q) => Promise<A>): Handler => unary(handle, log);
  return {
    ...configuration(provider, { answer, log }),
    ...reading(provider, { answer, about }),
    ...writing(provider, { answer, about }),
    cancel: (_: unknown, reply: sendUnaryData<unknown>) => {
      cancelled.abort();
      reply(null, new Empty());
    },
    ...unsupported("handshake", "parameterize", "attach", "list", "getMapping", "getMappings"),
    call: answer((request: pb.CallRequest) => refuse(`calling ${request.getTok()}`)),
    construct: answer((request: pb.ConstructRequest) => refuse(`the remote component ${request.getType()}`)),
  };
}

type Answer = <Q, A>(handle: (request: Q) => Promise<A>) => Handler;

function configuration(
  provider: PluginProvider,
  { answer, log }: { answer: Answer; log: EngineLog },
): UntypedServiceImplementation {
  return {
    getPluginInfo: answer(() => {
      const info = new PluginInfo();
      info.setVersion(provider.version);
      return Promise.resolve(info);
    }),
    getSchema: answer(() => {
      const schema = new pb.GetSchemaResponse();
      schema.setSchema(provider.schema());
      return Promise.resolve(schema);
    }),
    checkConfig: answer(async (q: pb.CheckRequest) =>
      response.checked(await provider.checkConfig(decode(q.getNews()))),
    ),
    diffConfig: answer(async (q: pb.DiffRequest) =>
      response.differing(
        await provider.diffConfig(decode(q.getOldInputs() ?? q.getOlds()), decode(q.getNews())),
      ),
    ),
    configure: answer(async (q: pb.ConfigureRequest) => {
      await provider.configure(decode(q.getArgs()), log);
      return response.configured();
    }),
    invoke: answer(async (q: pb.InvokeRequest) => {
      const args = decode(q.getArgs());
      return response.invoked(
        await hiding(
          () => [args],
          () => provider.invoke(q.getTok(), args),
        ),
      );
    }),
  };
}

type About = (request: Identified, values: () => readonly ValueMap[]) => ResourceRequest;

function reading(
  provider: PluginProvider,
  { answer, about }: { answer: Answer; about: About },
): UntypedServiceImplementation {
  return {
    check: answer(async (q: pb.CheckRequest) => {
      const [olds, news] = [once(() => decode(q.getOlds())), decode(q.getNews())];
      const autonaming = response.autonamingOf(q.getAutonaming());
      const values = (): readonly ValueMap[] => [olds(), news];
      const request = {
        ...about(q, values),
        get olds() {
          return olds();
        },
        news,
        randomSeed: q.getRandomseed_asU8(),
        ...autonaming,
      };
      return response.checked(await hiding(values, () => provider.check(request)));
    }),
    diff: answer(async (q: pb.DiffRequest) => {
      // The live object is twice as large as the inputs, and seldom looked at.
      const [olds, news] = [once(() => decode(q.getOlds())), decode(q.getNews())];
      const values = (): readonly ValueMap[] => [olds(), news];
      const request = {
        ...about(q, values),
        id: q.getId(),
        get olds() {
          return olds();
        },
        news,
        oldInputs: decode(q.getOldInputs()),
      };
      return response.differing(await hiding(values, () => provider.diff(request)));
    }),
    read: answer(async (q: pb.ReadRequest) => {
      const [properties, inputs] = [decode(q.getProperties()), decode(q.getInputs())];
      const values = (): readonly ValueMap[] => [properties, inputs];
      const request = { ...about(q, values), id: q.getId(), properties, inputs };
      return response.read(await hiding(values, () => provider.read(request)));
    }),
  };
}

function writing(
  provider: PluginProvider,
  { answer, about }: { answer: Answer; about: About },
): UntypedServiceImplementation {
  return {
    create: answer(async (q: pb.CreateRequest) => {
      const properties = decode(q.getProperties());
      const values = (): readonly ValueMap[] => [properties];
      const request = {
        ...about(q, values),
        properties,
        preview: q.getPreview(),
        timeout: q.getTimeout(),
      };
      return response.created(await hiding(values, () => provider.create(request)));
    }),
    update: answer(async (q: pb.UpdateRequest) => {
      const [olds, news, oldInputs] = [decode(q.getOlds()), decode(q.getNews()), decode(q.getOldInputs())];
      const limits = { preview: q.getPreview(), timeout: q.getTimeout() };
      const values = (): readonly ValueMap[] => [olds, news];
      const request = { ...about(q, values), id: q.getId(), olds, news, oldInputs, ...limits };
      return response.updated(await hiding(values, () => provider.update(request)));
    }),
    delete: answer(async (q: pb.DeleteRequest) => {
      const [properties, oldInputs] = [decode(q.getProperties()), decode(q.getOldInputs())];
      const values = (): readonly ValueMap[] => [properties, oldInputs];
      const request = {
        ...about(q, values),
        id: q.getId(),
        properties,
        oldInputs,
        timeout: q.getTimeout(),
      };
      await hiding(values, () => provider.delete(request));
      return new Empty();
    }),
  };
}

function unary<Q, A>(handle: (request: Q) => Promise<A>, log: EngineLog): Handler {
  return (call, reply) => {
    handle(call.request as Q)
      .finally(() => log.flush())
      .then(
        (answer) => reply(null, answer),
        (error: unknown) => reply(response.failure(error)),
      );
  };
}

/** Blots the secrets of `values` out of whatever is thrown. */
async function hiding<T>(values: () => readonly ValueMap[], run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw response.withoutSecrets(error, (text) => redact(text, values()));
  }
}

/** What `make` makes, made when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function refuse(what: string): Promise<never> {
  const hint = "not supported by the offline provider; install the official plugin";
  return Promise.reject(new UnsupportedError(`${what} is ${hint}`));
}

function unsupported(...names: readonly string[]): UntypedServiceImplementation {
  const title = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
  const handler =
    (name: string): Handler =>
    (_, reply) =>
      reply({
        code: UNIMPLEMENTED,
        details: `method ${title(name)} not implemented`,
        metadata: new Metadata(),
      });
  return Object.fromEntries(names.map((name) => [name, handler(name)]));
}
