import { isHost, present } from "../../../lib";
import type { PathChange, Redirect, Rewrite } from "../../intent/types";
import type { CharPath } from "../char-prefix";
import type { Field } from "../field";
import { wholeOf } from "../values";

/** What a rewrite replaces depends on how the path was matched: its prefix, or all of it. */
export function rewriteOf(entry: Field, path: CharPath): Rewrite | undefined {
  const rewrite = entry.get("rewrite");
  const changed = wholeChange(rewrite.get("uriRegexRewrite")) ?? changeOf(rewrite.get("uri"), path);
  const parts = present({ host: hostOf(rewrite.get("authority")), path: changed });
  return Object.keys(parts).length === 0 ? undefined : parts;
}

function changeOf(field: Field, { kind }: CharPath): PathChange | undefined {
  const uri = field.text();
  if (uri === undefined) return undefined;
  if (!uri.startsWith("/")) {
    field.lose({ message: `${JSON.stringify(uri)} is not a path` });
    return undefined;
  }
  return kind === "prefix" ? { kind: "prefix", value: uri } : { kind: "full", value: uri };
}

/** An expression that takes the whole path, whatever it is. Any other one has no place in an intent. */
function wholeChange(field: Field): PathChange | undefined {
  if (!field.there) return undefined;
  const pattern = field.get("match");
  const value = field.get("rewrite").text()?.replaceAll("\\\\", "\\");
  const everything = ["/.*", "^/.*$", ".*", "^.*$"].includes(pattern.text() ?? "");
  if (everything && value?.startsWith("/") === true && !/\\\d/.test(value)) return { kind: "full", value };
  field.lose({ message: "an intent replaces a path or its prefix, not what an expression finds in it" });
  return undefined;
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
  // A scheme brings its own port, and without one the port stays: as an intent has it, whichever is derived.
  field.get("derivePort").accept();
  return {
    ...present({
      scheme: field.get("scheme").word("http", "https"),
      host: hostOf(field.get("authority")),
      port: wholeOf(field.get("port"), 1, 65_535),
      path: redirectedPath(field),
    }),
    status: status ?? 301,
  };
}

function redirectedPath(field: Field): PathChange | undefined {
  const uri = field.get("uri").text();
  const prefix =
    field.get("prefixRewrite").text() ??
    (uri?.startsWith(PREFIX) === true ? uri.slice(PREFIX.length) : undefined);
  if (prefix !== undefined) return { kind: "prefix", value: prefix.startsWith("/") ? prefix : `/${prefix}` };
  return uri?.startsWith("/") === true ? { kind: "full", value: uri } : undefined;
}
