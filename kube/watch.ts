import type { IncomingMessage } from "node:http";
import { KubeConnectionError, KubeStatusError, type Status } from "./errors";
import type { KubeObject, WatchEvent } from "./types";

interface RawEvent {
  readonly type: WatchEvent["type"] | "BOOKMARK" | "ERROR";
  readonly object: unknown;
}

/** The events of one watch response. An ERROR event is thrown as KubeStatusError (410 means: list again). */
export async function* watchEvents(response: IncomingMessage, server: string): AsyncGenerator<WatchEvent> {
  try {
    for await (const line of lines(response)) {
      const { type, object } = JSON.parse(line) as RawEvent;
      if (type === "ERROR") throw new KubeStatusError(object as Status);
      if (type !== "BOOKMARK") yield { type, object: object as KubeObject };
    }
  } catch (error) {
    if (error instanceof KubeStatusError) throw error;
    const { code = "EUNKNOWN", message } = error as NodeJS.ErrnoException;
    throw new KubeConnectionError(server, code, message);
  } finally {
    response.destroy();
  }
}

async function* lines(response: IncomingMessage): AsyncGenerator<string> {
  response.setEncoding("utf8");
  let rest = "";
  for await (const chunk of response as AsyncIterable<string>) {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    yield* parts.filter(Boolean);
  }
}
