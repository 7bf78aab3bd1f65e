import type { Outcome } from "./handler";

const SERVING = 1;

/** HealthCheckRequest: field 1 is the service's name. */
function encode(service: string): Buffer {
  const name = Buffer.from(service);
  return name.length === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
}

/** Asks grpc.health.v1.Health whether a service is serving. The gRPC library is loaded only where a pod asks for it. */
export async function grpcHealth(
  address: { readonly host: string; readonly port: number },
  service: string,
  timeoutMs: number,
): Promise<Outcome> {
  const { Client, credentials } = await import("@grpc/grpc-js");
  const client = new Client(`${address.host}:${address.port}`, credentials.createInsecure());
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      "/grpc.health.v1.Health/Check",
      encode,
      // HealthCheckResponse: field 1, a varint, is the status.
      (bytes: Buffer) => (bytes[0] === 0x08 ? (bytes[1] ?? 0) : 0),
      service,
      { deadline: Date.now() + timeoutMs },
      (error: Error | null, status?: number) => {
        client.close();
        if (error !== null) resolve({ ok: false, message: error.message });
        else resolve({ ok: status === SERVING, message: `service is not serving (status ${status})` });
      },
    );
  });
}
