import type { Line, Reply, Sending } from "./call";
import { connectionCall } from "./connection-call";
import { GrpcCaller } from "./grpc-call";
import { HttpCaller } from "./http-call";

/** Puts calls of all kinds on the wire. */
export class Caller {
  private readonly http = new HttpCaller();
  private readonly grpc = new GrpcCaller();

  /** Calls so far. */
  sent = 0;

  send(line: Line, sending: Sending): Promise<Reply> {
    this.sent += 1;
    switch (sending.kind) {
      case "http":
        return this.http.send(line, sending);
      case "grpc":
        return this.grpc.send(line, sending);
      case "connection":
        return connectionCall(line, sending);
    }
  }

  close(): void {
    this.http.close();
    this.grpc.close();
  }
}
