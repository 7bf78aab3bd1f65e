import { formatDuration, warningAt, type Diagnostic } from "../../lib";
import type { GrpcRule, RouteRule } from "../intent/types";
import type { Rule } from "./types";

export const idleFault: Rule = {
  code: "idle-fault",
  title: "A fault leaves something of its rule to be seen.",
  check: ({ intent }) =>
    intent.routes.flatMap((route) => {
      if (route.kind === "http") return route.rules.flatMap(faults);
      return route.kind === "grpc" ? route.rules.flatMap(faults) : [];
    }),
};

function faults({ fault, timeoutMs, at }: RouteRule | GrpcRule): Diagnostic[] {
  const found: Diagnostic[] = [];
  if (fault?.abort?.percent === 100) {
    const message = "every request is aborted, so none ever reaches a backend";
    found.push(
      warningAt([...at, "fault", "abort"], {
        code: "idle-fault",
        message,
        hint: "make percent less than 100",
      }),
    );
  }
  if (fault?.delay !== undefined && timeoutMs !== undefined && fault.delay.durationMs >= timeoutMs) {
    const message = `a delay of ${formatDuration(fault.delay.durationMs)} is no shorter than the rule's timeout of ${formatDuration(timeoutMs)}`;
    const hint = "make the delay shorter, or inject an abort";
    found.push(warningAt([...at, "fault", "delay"], { code: "idle-fault", message, hint }));
  }
  return found;
}
