import type { KindRef } from "./types";

/** The body of a failed request, as Kubernetes sends it. */
export interface Status {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: {
    readonly name?: string;
    readonly kind?: string;
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly {
      readonly reason?: string;
      readonly message?: string;
      readonly field?: string;
    }[];
  };
}

/** The API server answered, and refused. `reason` is Kubernetes' own: `NotFound`, `AlreadyExists`, `Conflict`, … */
export class KubeStatusError extends Error {
  override readonly name = "KubeStatusError";
  readonly code: number;
  readonly reason: string;

  constructor(readonly status: Status) {
    super(status.message);
    this.code = status.code;
    this.reason = status.reason;
  }
}

/** The API server could not be reached, or the connection broke. `code` is Node's: `ECONNREFUSED`, `ENOTFOUND`, … */
export class KubeConnectionError extends Error {
  override readonly name = "KubeConnectionError";

  constructor(
    readonly server: string,
    readonly code: string,
    detail: string,
  ) {
    super(`cannot reach the Kubernetes API server at ${server}: ${detail}`);
  }
}

/** The server does not serve this kind (now): a missing CRD, a wrong version, a typo. */
export class UnknownKindError extends Error {
  override readonly name = "UnknownKindError";

  constructor(readonly ref: KindRef) {
    super(`no matches for kind "${ref.kind}" in version "${ref.apiVersion}"`);
  }
}

/** A kubeconfig that cannot be used; says in which file or text, what, and what to do. */
export class KubeconfigError extends Error {
  override readonly name = "KubeconfigError";

  constructor(where: string, what: string, hint: string) {
    super(`${where}: ${what}; ${hint}`);
  }
}

export function isStatus(error: unknown, reason: string): error is KubeStatusError {
  return error instanceof KubeStatusError && error.reason === reason;
}

export function isNotFound(error: unknown): boolean {
  return error instanceof KubeStatusError && error.code === 404;
}
