import { errorAt, type Diagnostic } from "../../../../lib";
import type { Site } from "../site";

/** External services are told by the host that a request or a handshake names; other connections name none. */
export function egressFaults({ intent }: Site): Diagnostic[] {
  return (intent.egress?.external ?? []).flatMap((external) =>
    external.ports
      .filter(({ protocol }) => protocol === "tcp")
      .map(({ port }) =>
        errorAt([...external.at, "ports"], {
          code: "unsupported-external-protocol",
          message: `connections to port ${port} of ${external.name} do not say which host they are for`,
          hint: "if they are TLS, say protocol: tls",
        }),
      ),
  );
}
