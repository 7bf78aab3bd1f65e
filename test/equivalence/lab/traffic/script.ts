/** How a backend is to treat the tries of one request, in a header that nothing else reads. */
export const ID = "x-lab-id";
export const SCRIPT = "x-lab-script";
/** In answers: which pod gave it. */
export const POD = "x-lab-pod";

/** What a backend does at one try. */
export type Step =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers?: readonly (readonly [string, string])[];
    }
  /** Answers 200 only after a while. */
  | { readonly kind: "wait"; readonly ms: number }
  /** Ends the connection without an answer. */
  | { readonly kind: "reset" }
  /** Answers a gRPC call with this status code. */
  | { readonly kind: "grpc"; readonly code: number };

/** One step for each try; the last one holds for all further tries. */
export function written(steps: readonly Step[]): string {
  return Buffer.from(JSON.stringify(steps)).toString("base64url");
}

/** The step for try `attempt`, from 0. */
export function stepFor(script: string | undefined, attempt: number): Step {
  if (script === undefined) return { kind: "answer", status: 200 };
  const steps = JSON.parse(Buffer.from(script, "base64url").toString()) as readonly Step[];
  return steps[Math.min(attempt, steps.length - 1)] ?? { kind: "answer", status: 200 };
}
