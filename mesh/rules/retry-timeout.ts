import { formatDuration, warningAt, type Diagnostic } from "../../lib";
import type { GrpcRule, RouteRule } from "../intent/types";
import type { Rule } from "./types";

export const retryTimeout: Rule = {
  code: "retry-timeout",
  title: "A request's timeout leaves room for all of its tries.",
  check: ({ intent }) =>
    intent.routes.flatMap((route) => {
      if (route.kind === "http") return route.rules.flatMap(tooShort);
      return route.kind === "grpc" ? route.rules.flatMap(tooShort) : [];
    }),
};

function tooShort({ timeoutMs, retry, at }: RouteRule | GrpcRule): Diagnostic[] {
  if (timeoutMs === undefined || retry?.perTryTimeoutMs === undefined) return [];
  const { retries, perTryTimeoutMs } = retry;
  const needed = (retries + 1) * perTryTimeoutMs;
  if (needed <= timeoutMs) return [];
  const tries = `${retries + 1} tries of ${formatDuration(perTryTimeoutMs)}`;
  return [
    warningAt([...at, "retry"], {
      code: "retry-timeout",
      message: `${tries} take up to ${formatDuration(needed)}, but the request ends after ${formatDuration(timeoutMs)}`,
      hint: `make timeout at least ${formatDuration(needed)}, or the tries fewer or shorter`,
    }),
  ];
}
