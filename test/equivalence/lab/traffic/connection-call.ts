import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { TIMEOUT_MS, tlsOptions, type ConnectionSending, type Line, type Reply } from "./call";

/** One connection: says its id and hears who answered. */
export function connectionCall(line: Line, { id, sni }: ConnectionSending): Promise<Reply> {
  const began = performance.now();
  return new Promise((resolve) => {
    let body = "";
    const done = (error: string): void => {
      const ms = performance.now() - began;
      // Anything but a backend's line is a proxy's, saying that it does not understand.
      const answered = body.startsWith("{");
      resolve(
        answered ? { kind: "answer", status: 200, headers: [], body, ms } : { kind: "closed", error, ms },
      );
      outer.destroy();
    };
    const outer = open(line);
    const inner =
      sni === undefined ? outer : connectTls({ socket: outer, servername: sni, rejectUnauthorized: false });
    inner.setTimeout(TIMEOUT_MS, () => done("no answer"));
    for (const socket of new Set([outer, inner])) socket.on("error", (error: Error) => done(error.message));
    inner.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    inner.on("close", () => done("closed"));
    inner.write(`${id}\n`);
  });
}

function open({ host, port, from, tls }: Line): Socket {
  const way = { host, port, ...(from !== undefined && { localAddress: from }) };
  return tls === undefined ? connectPlain(way) : connectTls({ ...way, ...tlsOptions(tls, "istio") });
}
