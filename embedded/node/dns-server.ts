import { createSocket } from "node:dgram";
import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { answer, type DnsZone } from "./dns";

/** Answers one connection of DNS over TCP: each message is preceded by its length. */
function serve(socket: Socket, zone: () => DnsZone): void {
  let rest = Buffer.alloc(0);
  socket.on("error", () => undefined);
  socket.setTimeout(30_000, () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
      const length = rest.readUInt16BE(0);
      const reply = answer(rest.subarray(2, 2 + length), zone());
      rest = rest.subarray(2 + length);
      if (reply === undefined) return void socket.destroy();
      const head = Buffer.alloc(2);
      head.writeUInt16BE(reply.length);
      socket.write(Buffer.concat([head, reply]));
    }
  });
}

/** Answers DNS over UDP and TCP at one free port of `host`; resolves with the port. */
export async function startDns(host: string, zone: () => DnsZone): Promise<number> {
  const tcp: Server = createServer((socket) => serve(socket, zone));
  await new Promise<void>((resolve, reject) => tcp.once("error", reject).listen({ host, port: 0 }, resolve));
  const { port } = tcp.address() as AddressInfo;
  const udp = createSocket("udp4");
  udp.on("message", (message, from) => {
    const reply = answer(message, zone());
    if (reply !== undefined) udp.send(reply, from.port, from.address);
  });
  await new Promise<void>((resolve, reject) =>
    udp.once("error", reject).bind({ address: host, port }, resolve),
  );
  for (const server of [tcp, udp]) server.on("error", (error) => console.error(`DNS: ${error.message}`));
  return port;
}
