import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterPorts } from "./types";

/** Keeps the ports in `current` that are `kept` or free, and chooses others for the rest. */
export async function choosePorts(
  current: Partial<ClusterPorts>,
  kept: ReadonlySet<keyof ClusterPorts>,
): Promise<ClusterPorts> {
  const chosen = new Set<number>(Object.values(current));
  const choose = async (key: keyof ClusterPorts): Promise<number> => {
    const port = current[key];
    if (port !== undefined && (kept.has(key) || (await becomesFree(port)))) return port;
    const other = await freePort(chosen);
    chosen.add(other);
    return other;
  };
  return {
    apiServer: await choose("apiServer"),
    extender: await choose("extender"),
    webhook: await choose("webhook"),
  };
}

/** A free port below the ranges that systems give to outgoing connections and Kubernetes to node ports. */
async function freePort(except: ReadonlySet<number>): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = 20000 + Math.floor(Math.random() * 10000);
    if (!except.has(port) && (await isFree(port))) return port;
  }
  throw new Error("found no free TCP port between 20000 and 29999 on 127.0.0.1. Stop what listens there");
}

/** A process that was killed holds its port for a moment longer than it is seen. */
async function becomesFree(port: number): Promise<boolean> {
  for (let attempt = 0; attempt < 20; attempt++) {
    if (await isFree(port)) return true;
    await sleep(25);
  }
  return false;
}

/** Whether anything could listen on the port on every address, as an API server that pods reach must. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "0.0.0.0", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
