import { randomUUID } from "node:crypto";
import type { Call, Request } from "../../../mesh/semantics";
import type { Headers, Line, Reply, Sending } from "../lab/traffic/call";
import { ID, SCRIPT, written, type Step } from "../lab/traffic/script";
import type { Seen } from "../lab/traffic/seen";
import type { Bench } from "./bench";

/** One sending of a request: what its caller got, and all that backends saw of it. */
export interface Observation {
  readonly reply: Reply;
  /** In the order of arrival, copies left out. */
  readonly tries: readonly Seen[];
  readonly copies: readonly Seen[];
}

export interface Probe {
  readonly count: number;
  readonly steps: readonly Step[];
  /** Copies may come after the last answer: waits until none has come for a while. */
  readonly copies?: boolean;
}

const QUIET_MS = 300;

/** Sends a request some times, each with an id of its own, and tells what became of each. */
export async function probe(
  request: Request,
  { lines, bench }: { lines: readonly Line[]; bench: Bench },
  { count, steps, copies = false }: Probe,
): Promise<Observation[]> {
  const replies = new Map<string, Reply>();
  const left = Array.from({ length: count }, (_, i) => ({ id: randomUUID(), line: lines[i % lines.length] }));
  const ids = left.map(({ id }) => id);
  const work = async (): Promise<void> => {
    for (let next = left.pop(); next?.line !== undefined; next = left.pop()) {
      replies.set(
        next.id,
        await bench.caller.send(next.line, sendingOf(request, { id: next.id, steps, bench })),
      );
    }
  };
  await Promise.all(Array.from({ length: Math.min(bench.atOnce, count) }, work));
  if (copies) await quiet(() => ids.reduce((sum, id) => sum + bench.ground.arrivals.of(id).length, 0));
  return ids.flatMap((id) => {
    const reply = replies.get(id);
    const seen = bench.ground.arrivals.of(id);
    bench.ground.arrivals.forget(id);
    if (reply === undefined) return [];
    return [{ reply, tries: seen.filter((s) => !s.mirrored), copies: seen.filter((s) => s.mirrored) }];
  });
}

/** Waits until nothing more arrives. */
async function quiet(count: () => number): Promise<void> {
  for (let before = -1; before !== count();) {
    before = count();
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  }
}

function sendingOf(
  { call, to, token }: Request,
  { id, steps, bench }: { id: string; steps: readonly Step[]; bench: Bench },
): Sending {
  if (call.kind === "connection")
    return { kind: "connection", id, ...(call.sni !== undefined && { sni: call.sni }) };
  const host = hostOf(call, to);
  const marks: Headers = [
    [ID, id],
    [SCRIPT, written(steps)],
    ...(token === undefined
      ? []
      : [["authorization", `Bearer ${bench.keys.write(token, bench.intent)}`] as const]),
  ];
  const own: Headers = call.headers.map(({ name, value }) => [name, value]);
  if (call.kind === "grpc") {
    return {
      kind: "grpc",
      path: `/${call.service}/${call.method}`,
      authority: host,
      headers: [...own, ...marks],
    };
  }
  return { kind: "http", method: call.method, path: call.path, headers: [["Host", host], ...own, ...marks] };
}

/** The name of the destination, with its port unless that is the scheme's. */
function hostOf(call: Exclude<Call, { kind: "connection" }>, to: Request["to"]): string {
  if (call.host !== undefined) return call.host;
  if (to.kind === "gateway") return "";
  const [namespace, service] = to.kind === "service" ? to.service.split("/") : [];
  const name = to.kind === "service" ? `${service}.${namespace}` : to.host;
  return to.port === 80 ? name : `${name}:${to.port}`;
}
