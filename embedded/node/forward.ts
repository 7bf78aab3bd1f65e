import { connect, createServer, type Socket } from "node:net";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Connects to the first address that answers; undefined where none does. */
async function reach(addresses: readonly Address[]): Promise<Socket | undefined> {
  for (const address of addresses) {
    const socket = connect(address);
    const open = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    });
    if (open) return socket;
  }
  return undefined;
}

/**
 * Stands in for a Service on loopback: hands each connection at `port` to the first backend that answers. So one address
 * stays the same while pods behind it come and go, also while an old one and its successor run side by side.
 */
export async function forward(port: number, backends: () => readonly Address[]): Promise<void> {
  const server = createServer((client) => {
    client.on("error", () => client.destroy());
    void reach(backends()).then((backend) => {
      if (backend === undefined) return client.destroy();
      backend.on("error", () => client.destroy()).on("close", () => client.destroy());
      client.on("close", () => backend.destroy());
      client.pipe(backend).pipe(client);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) =>
      reject(new Error(`port ${port} for istiod's webhooks: ${error.message}`)),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
}
