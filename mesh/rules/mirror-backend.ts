import { warningAt, type Diagnostic } from "../../lib";
import type { Backend, GrpcRule, Mirror, RouteRule } from "../intent/types";
import type { Rule } from "./types";

export const mirrorBackend: Rule = {
  code: "mirror-backend",
  title: "Copies of requests go elsewhere than the requests, and to no place twice.",
  check: ({ intent }) =>
    intent.routes.flatMap((route) => {
      if (route.kind === "http") return route.rules.flatMap(faults);
      return route.kind === "grpc" ? route.rules.flatMap(faults) : [];
    }),
};

function faults({ backends, mirrors }: RouteRule | GrpcRule): Diagnostic[] {
  const live = new Set(backends.filter(({ weight }) => weight > 0).map(place));
  return mirrors.flatMap((mirror, i) => {
    const again = mirrors.slice(0, i).some((other) => place(other) === place(mirror));
    if (!again && !live.has(place(mirror))) return [];
    const message = again
      ? `copies go to ${mirror.service} twice`
      : `${mirror.service} would handle the same request for real and as a copy`;
    const hint = again ? "keep one of the two" : "mirror to another version or service";
    return [warningAt(mirror.at, { code: "mirror-backend", message, hint })];
  });
}

function place({ service, version, port }: Backend | Mirror): string {
  return `${service} ${version ?? ""} ${port ?? ""}`;
}
