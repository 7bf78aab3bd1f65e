import { isHost, present } from "../../../lib";
import type { PathChange, PathMatch, Redirect, Rewrite } from "../../intent/types";
import type { Field } from "../field";
import { trimPrefix, wholeOf } from "../values";

/** What a rewrite replaces depends on how the path was matched: its prefix, or all of it. */
export function rewriteOf(entry: Field, path: PathMatch): Rewrite | undefined {
  const rewrite = entry.get("rewrite");
  const host = hostOf(rewrite.get("authority"));
  const uri = rewrite.get("uri").text();
  const changed = uri === undefined ? undefined : changeOf(uri, path);
  const parts = present({ host, path: changed });
  return Object.keys(parts).length === 0 ? undefined : parts;
}

function changeOf(uri: string, { kind }: PathMatch): PathChange | undefined {
  if (!uri.startsWith("/")) return undefined;
  return kind === "prefix" ? { kind: "prefix", value: trimPrefix(uri) } : { kind: "full", value: uri };
}

/** A host without the port that may follow it, which only redirects can say. */
function hostOf(field: Field): string | undefined {
  const written = field.text();
  if (written === undefined || isHost(written)) return written;
  field.lose({ message: `${JSON.stringify(written)} is not a host that an intent can name` });
  return undefined;
}

const STATUSES = [301, 302, 303, 307, 308] as const;
const PREFIX = "%PREFIX()%";

export function redirectOf(field: Field): Redirect | undefined {
  if (!field.there) return undefined;
  const code = field.get("redirectCode");
  const number = code.number() ?? 301;
  const status = STATUSES.find((s) => s === number);
  if (status === undefined) code.change(`an intent redirects with ${STATUSES.join(", ")}; 301 is taken`);
  const uri = field.get("uri").text();
  field.get("derivePort").accept();
  return {
    ...present({
      scheme: field.get("scheme").word("http", "https"),
      host: hostOf(field.get("authority")),
      port: wholeOf(field.get("port"), 1, 65_535),
      path: uri === undefined ? undefined : redirectedPath(uri),
    }),
    status: status ?? 301,
  };
}

function redirectedPath(uri: string): PathChange | undefined {
  const prefix = uri.startsWith(PREFIX) ? uri.slice(PREFIX.length) : undefined;
  if (prefix !== undefined) return { kind: "prefix", value: trimPrefix(prefix) };
  return uri.startsWith("/") ? { kind: "full", value: uri } : undefined;
}
