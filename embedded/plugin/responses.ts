import { Metadata, type ServiceError } from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { InitFailedError, UNIMPLEMENTED, UNKNOWN, UnsupportedError } from "./errors";
import type { Autonaming, CheckResult, DiffResult, PropertyDiff, ReadResult, StateResult } from "./types";
import { encode, type ValueMap } from "./values";

export function checked(result: CheckResult): pb.CheckResponse {
  const response = new pb.CheckResponse();
  response.setInputs(encode(result.inputs));
  for (const { property, reason } of result.failures ?? []) {
    const failure = new pb.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    response.addFailures(failure);
  }
  return response;
}

export function differing(result: DiffResult): pb.DiffResponse {
  const response = new pb.DiffResponse();
  const detailed = Object.entries(result.detailed ?? {});
  const { DIFF_SOME, DIFF_NONE } = pb.DiffResponse.DiffChanges;
  const some = detailed.length > 0 || (result.diffs ?? []).length > 0;
  response.setChanges(some ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList([...(result.diffs ?? [])]);
  response.setReplacesList([...(result.replaces ?? [])]);
  response.setDeletebeforereplace(result.deleteBeforeReplace ?? false);
  response.setHasdetaileddiff(result.detailed !== undefined);
  for (const [path, diff] of detailed) response.getDetaileddiffMap().set(path, propertyDiff(diff));
  return response;
}

function propertyDiff({ kind, replace, inputDiff }: PropertyDiff): pb.PropertyDiff {
  const diff = new pb.PropertyDiff();
  diff.setKind(pb.PropertyDiff.Kind[replace ? (`${kind}_REPLACE` as const) : kind]);
  diff.setInputdiff(inputDiff);
  return diff;
}

export function configured(): pb.ConfigureResponse {
  const response = new pb.ConfigureResponse();
  response.setAcceptsecrets(true);
  response.setSupportspreview(true);
  response.setSupportsAutonamingConfiguration(true);
  return response;
}

export function created({ id, properties }: StateResult): pb.CreateResponse {
  const response = new pb.CreateResponse();
  response.setId(id);
  response.setProperties(encode(properties));
  return response;
}

export function read(result: ReadResult | undefined): pb.ReadResponse {
  const response = new pb.ReadResponse();
  if (!result) return response;
  response.setId(result.id);
  response.setProperties(encode(result.properties));
  response.setInputs(encode(result.inputs));
  return response;
}

export function updated({ properties }: StateResult): pb.UpdateResponse {
  const response = new pb.UpdateResponse();
  response.setProperties(encode(properties));
  return response;
}

export function invoked(result: ValueMap): pb.InvokeResponse {
  const response = new pb.InvokeResponse();
  response.setReturn(encode(result));
  return response;
}

export function autonamingOf(options: pb.CheckRequest.AutonamingOptions | undefined): {
  autonaming?: Autonaming;
} {
  if (!options) return {};
  const modes = ["propose", "enforce", "disable"] as const;
  return {
    autonaming: { mode: modes[options.getMode()] ?? "propose", proposedName: options.getProposedName() },
  };
}

/** The gRPC form of an error; InitFailedError carries the object as a detail, as the engine expects it. */
export function failure(error: unknown): Partial<ServiceError> {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof UnsupportedError) return { code: UNIMPLEMENTED, details: message };
  if (!(error instanceof InitFailedError)) return { code: UNKNOWN, details: message };
  const detail = new pb.ErrorResourceInitFailed();
  detail.setId(error.state.id);
  detail.setProperties(encode(error.state.properties));
  if (error.state.inputs) detail.setInputs(encode(error.state.inputs));
  detail.setReasonsList([...error.reasons]);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setCode(UNKNOWN);
  status.setMessage(message);
  status.addDetails(any);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { code: UNKNOWN, details: message, metadata };
}

export function withoutSecrets(error: unknown, clean: (text: string) => string): unknown {
  if (error instanceof InitFailedError) return new InitFailedError(error.state, error.reasons.map(clean));
  if (error instanceof Error) error.message = clean(error.message);
  return error;
}
