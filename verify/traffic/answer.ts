/** What came back for a request. */
export interface Answer {
  /** 0 if no HTTP answer came at all. */
  readonly status: number;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  /** Its start. */
  readonly body: string;
  readonly error?: string;
}

export const NO_ANSWER: Answer = { status: 0, headers: {}, body: "" };

/** Envoy's own words when its access rules refuse a request. */
export function isDenied(answer: Answer): boolean {
  return answer.status === 403 && answer.body.startsWith("RBAC: access denied");
}

/** The application answered, whatever it said: a proxy notes how long an upstream took only if there was one. */
export function isAnswered(answer: Answer): boolean {
  return (
    answer.status > 0 && !isDenied(answer) && answer.headers["x-envoy-upstream-service-time"] !== undefined
  );
}

/** Nothing of HTTP came back: the connection was refused, reset, or ended by a TLS alert. */
export function isCutOff(answer: Answer): boolean {
  return answer.status === 0;
}

export function describeAnswer(answer: Answer): string {
  if (answer.status === 0) return answer.error ?? "no answer";
  return `${answer.status}${answer.body === "" ? "" : ` ${JSON.stringify(answer.body.slice(0, 80).trim())}`}`;
}

/** The caller's SPIFFE id as the application saw it, where the application tells, as the sample's does. */
export function callerSeen(answer: Answer): string | undefined {
  try {
    const body = JSON.parse(answer.body) as { readonly caller?: unknown } | null;
    return typeof body?.caller === "string" ? body.caller : undefined;
  } catch {
    return undefined;
  }
}
