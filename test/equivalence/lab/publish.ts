import { createServer } from "node:http";
import { PUBLISHED_IP } from "./addresses";

/** Serves documents by their path, for control planes and proxies to fetch. */
export function publish(documents: ReadonlyMap<string, string>): Promise<void> {
  const server = createServer((request, response) => {
    const text = documents.get(request.url ?? "");
    response.writeHead(text === undefined ? 404 : 200).end(text);
  });
  return new Promise((resolve) => server.listen(80, PUBLISHED_IP, () => resolve()));
}
