import { present } from "../../lib";
import type { Answer, BackendShare, Call, FaultStatus, Outcome, Treatment } from "./types";

const http = (code: number): FaultStatus => ({ protocol: "http", code });

/**
 * Everything that the caller may see, with its probability; the shares sum to 1. Where the intent does not decide, or
 * the request leaves the mesh, there is nothing to say, and the list is empty.
 */
export function answers(outcome: Outcome): readonly Answer[] {
  switch (outcome.kind) {
    case "refused":
      return [{ share: 1, answer: { kind: "closed" } }];
    case "denied":
      return withAborts(outcome.treatment, [{ share: 1, answer: denial(outcome.status) }]);
    case "notFound":
      return [{ share: 1, answer: { kind: "status", status: http(404) } }];
    case "redirected": {
      const { status, location, treatment } = outcome;
      return withAborts(treatment, [
        { share: 1, answer: { kind: "status", status: http(status), location } },
      ]);
    }
    case "aborted":
      return [{ share: 1, answer: { kind: "status", status: outcome.status } }];
    case "forwarded":
      return withAborts(outcome.treatment, outcome.backends.map(backendAnswer));
    case "passed":
    case "undecided":
      return [];
  }
}

function denial(status: number | undefined): Answer["answer"] {
  return status === undefined ? { kind: "closed" } : { kind: "status", status: http(status) };
}

function backendAnswer({ service, version, port, share, verdict }: BackendShare): Answer {
  if (!verdict.admitted) return { share, answer: denial(verdict.status) };
  return { share, answer: { kind: "backend", service, ...present({ version }), port } };
}

function withAborts(treatment: Treatment | undefined, rest: readonly Answer[]): readonly Answer[] {
  const abort = treatment?.faults.abort;
  if (abort === undefined) return rest;
  return [
    { share: abort.share, answer: { kind: "status", status: abort.status } },
    ...rest.map((r) => ({ ...r, share: r.share * (1 - abort.share) })),
  ];
}

/** gRPC codes of what proxies answer, by HTTP status, and the other way round: as gRPC's and Envoy's tables have it. */
const GRPC_OF: Readonly<Record<number, number>> = {
  400: 13,
  401: 16,
  403: 7,
  404: 12,
  429: 14,
  502: 14,
  503: 14,
  504: 14,
};
const HTTP_OF: Readonly<Record<number, number>> = {
  0: 200,
  1: 499,
  2: 500,
  3: 400,
  4: 504,
  5: 404,
  6: 409,
  7: 403,
  8: 429,
  9: 400,
  10: 409,
  11: 400,
  12: 501,
  13: 500,
  14: 503,
  15: 500,
  16: 401,
};

/** A proxy's answer as the caller sees it: gRPC calls get gRPC codes, all others HTTP statuses. */
export function statusSeenBy(call: Call, { protocol, code }: FaultStatus): FaultStatus {
  if (call.kind === "grpc")
    return { protocol: "grpc", code: protocol === "grpc" ? code : (GRPC_OF[code] ?? 2) };
  return { protocol: "http", code: protocol === "http" ? code : (HTTP_OF[code] ?? 500) };
}
