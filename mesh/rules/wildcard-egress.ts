import { errorAt, type Diagnostic } from "../../lib";
import type { ExternalService } from "../intent/types";
import type { Rule } from "./types";

export const wildcardEgress: Rule = {
  code: "wildcard-egress",
  title: "External services have names: no wildcard over everything, nor where names are not seen.",
  check: ({ intent }) => (intent.egress?.external ?? []).flatMap((one) => [...tooWide(one), ...unseen(one)]),
};

/** `*`, or everything under a top-level domain. */
function tooWide({ hosts, at }: ExternalService): Diagnostic[] {
  return hosts
    .filter((host) => /^\*(\.[^.]+)?$/.test(host))
    .map((host) =>
      errorAt([...at, "hosts"], {
        code: "wildcard-egress",
        message: `${JSON.stringify(host)} opens the way to everybody`,
        hint: "name the domain of whom you call, as in *.example.com; egress.default: allow lets everything out",
      }),
    );
}

/** A connection without TLS has no name that a wildcard could be held against. */
function unseen({ hosts, ports, at }: ExternalService): Diagnostic[] {
  const wild = hosts.find((host) => host.startsWith("*"));
  const blind = ports.find(({ protocol }) => protocol === "tcp");
  if (wild === undefined || blind === undefined) return [];
  return [
    errorAt([...at, "hosts"], {
      code: "wildcard-egress",
      message: `connections on port ${blind.port} carry no name, so ${JSON.stringify(wild)} cannot be told from any other host`,
      hint: "name the hosts one by one, or say that the port carries tls",
    }),
  ];
}
