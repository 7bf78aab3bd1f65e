import type { NamedValue } from "../intent/types";
import type { Call } from "./types";

/** A request as rules look at it. */
export interface Seen {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** Without its question mark; absent where there is none. */
  readonly query?: string;
  /** Host header without its port, in lower case. */
  readonly host: string;
  /** By name in lower case; values of one name joined by `,`, as proxies compare them. */
  readonly headers: ReadonlyMap<string, string>;
}

/** What rules see of a call; nothing of one that is no request. */
export function seen(call: Call, defaultHost: string): Seen | undefined {
  switch (call.kind) {
    case "connection":
      return undefined;
    case "grpc": {
      const headers = joined([...call.headers, { name: "content-type", value: "application/grpc" }]);
      const path = `/${call.service}/${call.method}`;
      return { method: "POST", path, host: bareHost(call.host ?? defaultHost), headers };
    }
    case "http": {
      const cut = call.path.indexOf("?");
      return {
        method: call.method,
        path: cut === -1 ? call.path : call.path.slice(0, cut),
        ...(cut === -1 ? {} : { query: call.path.slice(cut + 1) }),
        host: bareHost(call.host ?? defaultHost),
        headers: joined(call.headers),
      };
    }
  }
}

function bareHost(host: string): string {
  return host.replace(/:\d+$/, "").toLowerCase();
}

function joined(headers: readonly NamedValue[]): Map<string, string> {
  const all = new Map<string, string>();
  for (const { name, value } of headers) {
    const key = name.toLowerCase();
    const before = all.get(key);
    all.set(key, before === undefined ? value : `${before},${value}`);
  }
  return all;
}

/** The first value of a query parameter, as written: nothing is decoded. */
export function queryValue(query: string | undefined, name: string): string | undefined {
  for (const pair of (query ?? "").split("&")) {
    const cut = pair.indexOf("=");
    if ((cut === -1 ? pair : pair.slice(0, cut)) === name) return cut === -1 ? "" : pair.slice(cut + 1);
  }
  return undefined;
}

/** The values of the cookies of a name, in their order. */
export function cookieValues(header: string | undefined, name: string): string[] {
  return (header ?? "").split(";").flatMap((cookie) => {
    const cut = cookie.indexOf("=");
    return cut !== -1 && cookie.slice(0, cut).trim() === name ? [cookie.slice(cut + 1).trim()] : [];
  });
}
