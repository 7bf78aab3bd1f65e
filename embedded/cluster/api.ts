import { Agent, request } from "node:https";
import type { Identity } from "./certificate";

export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
}

export interface ApiRequest {
  readonly method: "GET" | "PATCH";
  readonly path: string;
  readonly body?: object;
}

/** Sends one request to an API server; rejects where it cannot be reached within five seconds. */
export type ApiClient = (call: ApiRequest) => Promise<ApiAnswer>;

/** A client of the API server at `https://127.0.0.1:<port>` that shows `identity` and trusts `ca`. */
export function apiClient(port: number, ca: string, identity: Identity): ApiClient {
  const agent = new Agent({ keepAlive: false, ca, cert: identity.certificate, key: identity.key });
  return (call) =>
    new Promise((resolve, reject) => {
      const body = call.body === undefined ? undefined : JSON.stringify(call.body);
      const headers = { "content-type": "application/apply-patch+yaml", accept: "application/json" };
      const sent = request(
        { host: "127.0.0.1", port, agent, method: call.method, path: call.path, headers, timeout: 5000 },
        (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (chunk: string) => (text += chunk));
          response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
          response.on("error", reject);
        },
      );
      sent.on("timeout", () => sent.destroy(new Error("no answer within 5 s")));
      sent.on("error", reject);
      sent.end(body);
    });
}

/** Makes the object what `object` says, by server-side apply. */
export async function apply(client: ApiClient, path: string, object: object): Promise<void> {
  const answer = await client({
    method: "PATCH",
    path: `${path}?fieldManager=meshwright-cluster&force=true`,
    body: object,
  });
  if (answer.status >= 300) throw new Error(`API server refused ${path}: ${answer.status} ${answer.body}`);
}
