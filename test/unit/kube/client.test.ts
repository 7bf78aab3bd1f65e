import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  fixedConnection,
  follow,
  KubeClient,
  KubeConnectionError,
  KubeStatusError,
  UnknownKindError,
} from "../../../kube";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const POD = { apiVersion: "v1", kind: "Pod" };
const pod = (name: string, version: string) => ({
  ...POD,
  metadata: { name, uid: name, resourceVersion: version },
});

let server: Server;
let handle: Handler;
let seen: string[];
let client: KubeClient;

beforeEach(async () => {
  seen = [];
  server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    if (request.url === "/api/v1")
      return json(response, { resources: [{ name: "pods", kind: "Pod", namespaced: true, verbs: [] }] });
    if (request.url?.startsWith("/apis/")) return json(response, {}, 404);
    handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  client = new KubeClient(fixedConnection(`http://127.0.0.1:${port}`, "", { token: "t" }));
});
afterEach(() => {
  client.close();
  server.close();
  server.closeAllConnections();
});

function json(response: ServerResponse, body: object, code = 200): void {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

const status = (code: number, reason: string) => ({
  kind: "Status",
  code,
  reason,
  message: `it is ${reason}`,
});

describe("requests", () => {
  test("go to where discovery says, and discovery is asked once", async () => {
    handle = (_, response) => json(response, pod("a", "1"));
    await client.get({ ...POD, namespace: "n/s", name: "a" });
    await client.apply(pod("b", ""), { fieldManager: "m", force: true, dryRun: true }, "status");
    expect(seen).toEqual([
      "GET /api/v1",
      "GET /api/v1/namespaces/n%2Fs/pods/a",
      "PATCH /api/v1/namespaces/default/pods/b/status?fieldManager=m&force=true&dryRun=All",
    ]);
  });

  test("of a kind that is not served are an error that names it; it is asked for again each time", async () => {
    await expect(client.get({ apiVersion: "x.io/v1", kind: "Thing", name: "a" })).rejects.toThrow(
      UnknownKindError,
    );
    await expect(client.get({ ...POD, kind: "Pot", name: "a" })).rejects.toThrow(
      'no matches for kind "Pot" in version "v1"',
    );
    expect(seen).toEqual(["GET /apis/x.io/v1", "GET /api/v1"]);
    await expect(client.get({ ...POD, kind: "Pot", name: "a" })).rejects.toThrow(UnknownKindError);
    expect(seen).toHaveLength(3);
  });

  test("that are refused carry the server's status", async () => {
    handle = (_, response) => json(response, status(409, "Conflict"), 409);
    const error: unknown = await client
      .create(pod("a", "") as never, { fieldManager: "m" })
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(KubeStatusError);
    expect(error).toMatchObject({ code: 409, reason: "Conflict", message: "it is Conflict" });
  });

  test("lists are read page by page", async () => {
    handle = (request, response) => {
      const second = request.url?.includes("continue=more");
      json(response, {
        metadata: second ? { resourceVersion: "9" } : { continue: "more" },
        items: [pod(second ? "b" : "a", "1")],
      });
    };
    const list = await client.list({ ...POD, labelSelector: "app=x" });
    expect(list.items.map((item) => [item.kind, item.metadata.name])).toEqual([
      ["Pod", "a"],
      ["Pod", "b"],
    ]);
    expect(seen[1]).toBe("GET /api/v1/pods?labelSelector=app%3Dx&limit=500");
  });

  test("are sent again while the server stumbles, but not for ever", async () => {
    let left = 2;
    handle = (_, response) =>
      left-- > 0 ? json(response, status(503, "ServiceUnavailable"), 503) : json(response, pod("a", "1"));
    expect((await client.get({ ...POD, name: "a" })).metadata.name).toBe("a");
    handle = (_, response) => json(response, status(500, "InternalError"), 500);
    seen.length = 0;
    await expect(client.get({ ...POD, name: "a" })).rejects.toThrow("it is InternalError");
    expect(seen).toHaveLength(6);
  });

  test("that create are not sent again once the server may have seen them", async () => {
    handle = (request) => request.socket.destroy();
    const creation = client.create(pod("a", ""), { fieldManager: "m" });
    await expect(creation).rejects.toThrow(KubeConnectionError);
    expect(seen.filter((line) => line.startsWith("POST"))).toHaveLength(1);
  });

  test("a 401 asks for a fresh credential, once", async () => {
    const asked: boolean[] = [];
    const { port } = server.address() as AddressInfo;
    const connection = {
      ...fixedConnection(`http://127.0.0.1:${port}`, "", {}),
      credential: (stale: boolean) => (asked.push(stale), Promise.resolve({ token: stale ? "new" : "old" })),
    };
    handle = (request, response) =>
      request.headers.authorization === "Bearer new"
        ? json(response, pod("a", "1"))
        : json(response, status(401, "Unauthorized"), 401);
    const fresh = new KubeClient(connection);
    expect((await fresh.get({ ...POD, name: "a" })).metadata.name).toBe("a");
    expect(asked).toEqual([false, false, true]);
    fresh.close();
  });
});

describe("follow", () => {
  test("lists, watches, and after a break lists again and tells only what changed", async () => {
    const lists = [
      [pod("a", "1"), pod("b", "1")],
      [pod("a", "2"), pod("c", "1")],
    ];
    const stop = new AbortController();
    handle = (request, response) => {
      if (!request.url?.includes("watch=true"))
        return json(response, { metadata: { resourceVersion: "5" }, items: lists.shift() ?? [] });
      response.writeHead(200, { "content-type": "application/json" });
      if (lists.length === 0) return void response.flushHeaders();
      const line = JSON.stringify({ type: "MODIFIED", object: pod("b", "3") });
      response.write(line.slice(0, 10));
      setTimeout(
        () =>
          response.end(
            `${line.slice(10)}\n${JSON.stringify({ type: "ERROR", object: status(410, "Expired") })}\n`,
          ),
        20,
      );
    };
    const events: string[] = [];
    for await (const event of follow(client, POD, stop.signal)) {
      events.push(event.type === "SYNCED" ? "SYNCED" : `${event.type} ${event.object.metadata.name}`);
      if (events.filter((line) => line === "SYNCED").length === 2) stop.abort();
    }
    expect(events).toEqual([
      "ADDED a",
      "ADDED b",
      "SYNCED",
      "MODIFIED b",
      "DELETED b",
      "MODIFIED a",
      "ADDED c",
      "SYNCED",
    ]);
  });
});
