import type { IncomingMessage, ServerResponse } from "node:http";
import { bytesField, numberField } from "../xds/wire";

export type Mood = "allow" | "deny" | "unreachable";

const CHECK = "/envoy.service.auth.v3.Authorization/Check";
const PERMISSION_DENIED = 7;

/** The service that proxies ask about requests: it says to all of them what it is told to say. */
export class Authorizer {
  mood: Mood = "allow";

  /** Whether this is a question; if so it is answered. */
  answers(request: IncomingMessage, response: ServerResponse, marked: boolean): boolean {
    const grpc = request.url === CHECK;
    // What proxies ask of an HTTP authorizer looks like the request itself, but for the mark that only senders set.
    if (!grpc && marked) return false;
    if (this.mood === "unreachable") response.writeHead(503).end();
    else if (grpc) check(response, this.mood === "allow");
    else response.writeHead(this.mood === "allow" ? 200 : 403).end();
    return true;
  }
}

/** CheckResponse.status.code; 0 is yes. */
function check(response: ServerResponse, allow: boolean): void {
  const status = allow ? Buffer.alloc(0) : numberField(1, PERMISSION_DENIED);
  const message = bytesField(1, status);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  response.addTrailers({ "grpc-status": "0" });
  response.writeHead(200, { "content-type": "application/grpc" });
  response.end(Buffer.concat([head, message]));
}
