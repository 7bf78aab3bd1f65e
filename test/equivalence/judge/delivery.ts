import type { HeaderChange, NormalizedIntent, RequestRule } from "../../../mesh/intent/types";
import type { Delivered, Treatment } from "../../../mesh/semantics";
import type { Headers } from "../lab/traffic/call";
import { ID, SCRIPT } from "../lab/traffic/script";
import type { Seen } from "../lab/traffic/seen";
import { isBackends } from "./answers";
import type { Observation } from "./probe";

/** What proxies and clients add by themselves. */
const ADDED =
  /^(x-forwarded-(proto|for|client-cert|host|port)|x-request-id|x-envoy-.*|x-b3-.*|traceparent|tracestate|baggage|connection|content-length|transfer-encoding|accept-encoding|user-agent|te|grpc-timeout|host|x-lab-.*)$/;

/** Where what a backend saw is not what was to be delivered. `token`: whether it is to be in it still. */
export function misdelivered(seen: Seen, delivered: Delivered, token: boolean | undefined): string[] {
  const faults: string[] = [];
  const differ = (what: string, got: string, wanted: string): void => {
    if (got !== wanted)
      faults.push(`the backend saw the ${what} ${JSON.stringify(got)}, expected ${JSON.stringify(wanted)}`);
  };
  differ("method", seen.method, delivered.method);
  differ("path", seen.path, delivered.path);
  differ("host", seen.host.replace(/:\d+$/, ""), delivered.host);
  const got = joined(seen.headers);
  const wanted = new Map(delivered.headers.map(({ name, value }) => [name, value]));
  for (const [name, value] of wanted)
    if (name !== "host") differ(`header ${name}`, got.get(name) ?? "(none)", value);
  for (const name of got.keys()) {
    if (wanted.has(name) || ADDED.test(name) || name === "authorization") continue;
    faults.push(`the backend saw the header ${name}: ${got.get(name)}, which it should not`);
  }
  const arrived = got.has("authorization");
  const asked = token ?? false;
  if (arrived !== asked && !wanted.has("authorization"))
    faults.push(asked ? "the token did not reach the backend" : "the token reached the backend");
  return faults;
}

/** Values of one name joined by commas, as proxies may join them; blanks after commas mean nothing. */
export function joined(headers: Headers): Map<string, string> {
  const all = new Map<string, string>();
  for (const [name, written] of headers) {
    const value = written.replaceAll(", ", ",");
    const before = all.get(name);
    all.set(name, before === undefined ? value : `${before},${value}`);
  }
  return all;
}

/** Headers with which a backend answers, so that each change of answers has something to change. */
export function answerHeaders({ responseHeaders: change }: Treatment): Headers {
  const names = [...(change?.set ?? []), ...(change?.add ?? [])].map((h) => h.name);
  return [...new Set([...names, ...(change?.remove ?? [])])].map((name) => [name, "backend"]);
}

/** Headers that some rule or other of the intent puts into answers. */
export function answeredHeaders({ routes }: NormalizedIntent): ReadonlySet<string> {
  const rules = routes.flatMap((r): readonly RequestRule[] =>
    r.kind === "http" || r.kind === "grpc" ? r.rules : [],
  );
  return new Set(
    rules.flatMap(({ headers }) =>
      headers === undefined ? [] : [...headers.response.set, ...headers.response.add].map((h) => h.name),
    ),
  );
}

/** Where an answer does not have the changes that the rule makes to answers, or has those of another rule, of `all`. */
export function misanswered(
  { reply, tries }: Observation,
  { responseHeaders: change = NO_CHANGE }: Treatment,
  all: ReadonlySet<string>,
): string[] {
  if (reply.kind === "closed") return [];
  const got = joined(reply.headers);
  // Only what came from a backend had the backend's headers before.
  const before = isBackends({ reply, tries }) ? "backend" : undefined;
  const own: [string, string | undefined][] = [
    ...change.set.map(({ name, value }): [string, string] => [name, value]),
    ...change.add.map(({ name, value }): [string, string] => [
      name,
      before === undefined ? value : `${before},${value}`,
    ]),
    ...change.remove.map((name): [string, undefined] => [name, undefined]),
  ];
  const wanted = new Map([...[...all].map((name) => [name, undefined] as const), ...own]);
  return [...wanted].flatMap(([name, value]) =>
    got.get(name) === value
      ? []
      : [`the answer's header ${name} was ${got.get(name) ?? "(none)"}, expected ${value ?? "(none)"}`],
  );
}

const NO_CHANGE: HeaderChange = { set: [], add: [], remove: [] };

/** The names that the laboratory itself uses, which no intent may. */
export const RESERVED = [ID, SCRIPT];
