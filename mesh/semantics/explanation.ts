import { formatDuration, formatPath, type FieldPath } from "../../lib";
import type { HeaderChange } from "../intent/types";
import { eachOnce } from "./place";
import type { BackendShare, Denial, FaultStatus, Forwarded, Outcome, Refused, Treatment } from "./types";

/** An outcome for people: what happens, then what else is done, one thing a line, each with what in the intent says so. */
export function explanation(outcome: Outcome): string[] {
  switch (outcome.kind) {
    case "refused":
      return [`refused: ${REFUSALS[outcome.reason]}${by(outcome.because)}`];
    case "denied": {
      const status = outcome.status === undefined ? "connection closed" : `status ${outcome.status}`;
      return [
        `denied, ${status}: ${DENIALS[outcome.reason]}${by(outcome.because)}`,
        ...auditLines(outcome.audited),
        ...(outcome.treatment === undefined ? [] : treatmentLines(outcome.treatment)),
      ];
    }
    case "notFound":
      return [`not found, status 404: no rule matches${by(outcome.because)}`];
    case "redirected":
      return [
        `redirected, status ${outcome.status}, to ${outcome.location}${by(outcome.because)}`,
        ...treatmentLines(outcome.treatment),
      ];
    case "aborted":
      return [
        `answered with ${statusText(outcome.status)} by an injected fault${by(outcome.because)}`,
        ...delayLines(outcome.treatment),
      ];
    case "forwarded":
      return forwardedLines(outcome);
    case "passed": {
      const name = outcome.external === undefined ? "" : ` as ${outcome.external}`;
      return [`leaves the mesh${name}${by(outcome.because)}`];
    }
    case "undecided": {
      const what = outcome.because.length === 0 ? "nothing about calls out of the mesh" : "nothing about it";
      return [`the intent says ${what}, and each mesh does as it likes${by(outcome.because)}`];
    }
  }
}

const REFUSALS: Readonly<Record<Refused["reason"], string>> = {
  mtls: "plaintext, and the service takes mutual TLS only",
  "no-port": "there is no such service or port",
  "no-listener": "the gateway has no listener for it",
  "no-route": "no route holds for the connection",
  protocol: "the port takes requests, and this is none",
  egress: "the host is outside the mesh and not among the external services",
};

const DENIALS: Readonly<Record<Denial["reason"], string>> = {
  token: "its token is not one that the service accepts",
  "external-authorization": "external authorization keeps it out",
  deny: "a deny names it",
  "not-allowed": "the service has allows, and none of them names it",
  default: "nothing allows it, and the default is to deny",
};

function forwardedLines({ backends, delivered, treatment, because }: Forwarded): string[] {
  const lines = backends.map((backend) => backendLine(backend));
  const seen =
    delivered === undefined
      ? []
      : [`backends see ${delivered.method} ${delivered.path} of ${delivered.host}`];
  const audited = backends.flatMap(({ verdict }) => verdict.audited);
  const rule = because.length === 0 ? ["no route holds for it"] : [`decided${by(because)}`];
  return [...lines, ...rule, ...seen, ...treatmentLines(treatment), ...auditLines(eachOnce(audited))];
}

function backendLine({ service, version, port, share, verdict }: BackendShare): string {
  const name = `${service}${version === undefined ? "" : ` ${version}`}, port ${port}`;
  const part = share === 1 ? "" : ` (${percent(share)})`;
  if (verdict.admitted) return `forwarded to ${name}${part}, which admits it${by(verdict.because)}`;
  const status = verdict.status === undefined ? "" : ` with ${verdict.status}`;
  return `forwarded to ${name}${part}, which denies it${status}: ${DENIALS[verdict.reason]}${by(verdict.because)}`;
}

function treatmentLines(treatment: Treatment): string[] {
  const { timeoutMs, retry, faults, mirrors, responseHeaders } = treatment;
  const { abort } = faults;
  const each = retry?.perTryTimeoutMs === undefined ? "" : `, ${formatDuration(retry.perTryTimeoutMs)} each`;
  return [
    ...delayLines(treatment),
    ...(abort === undefined
      ? []
      : [`${percent(abort.share)} are answered with ${statusText(abort.status)} instead`]),
    ...(timeoutMs === undefined ? [] : [`timeout ${formatDuration(timeoutMs)}, tries included`]),
    ...(retry === undefined
      ? []
      : [`tried again up to ${retry.retries} times on ${retry.on.join(", ")}${each}`]),
    ...mirrors.map((m) => {
      const version = m.version === undefined ? "" : ` ${m.version}`;
      return `${percent(m.share)} are copied to ${m.service}${version}${m.verdict.admitted ? "" : ", which denies them"}`;
    }),
    ...(responseHeaders === undefined ? [] : [`answers: ${changeText(responseHeaders)}`]),
  ];
}

function delayLines({ faults: { delay } }: Treatment): string[] {
  return delay === undefined
    ? []
    : [`${percent(delay.share)} are delayed by ${formatDuration(delay.ms)} first`];
}

function auditLines(audited: readonly FieldPath[]): string[] {
  return audited.length === 0 ? [] : [`audited${by(audited)}`];
}

function changeText({ set, add, remove }: HeaderChange): string {
  return [
    ...set.map(({ name, value }) => `${name} set to ${JSON.stringify(value)}`),
    ...add.map(({ name, value }) => `${JSON.stringify(value)} added to ${name}`),
    ...remove.map((name) => `${name} removed`),
  ].join(", ");
}

function statusText({ protocol, code }: FaultStatus): string {
  return protocol === "grpc" ? `gRPC code ${code}` : `status ${code}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(4))}%`;
}

function by(because: readonly FieldPath[]): string {
  return because.length === 0 ? "" : `, by ${because.map(formatPath).join(", ")}`;
}
