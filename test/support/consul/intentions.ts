import type { JsonObject } from "../../../lib";
import type { Entries } from "./entries";
import { matchesWhole, section, sections, textOf, texts, type Seen } from "./entries";

export interface Token {
  readonly provider: string;
  readonly valid: boolean;
  readonly claims: { readonly [name: string]: string | readonly string[] };
}

/**
 * Whether a service's proxy lets a caller in, where everything is denied by default (agent/xds/rbac.go of 1.22): the
 * best-naming entry decides, its first permission that holds for the request is the last that is looked at.
 */
export function letsIn(
  entries: Entries,
  { from, to }: { readonly from: string; readonly to: string },
  { seen, token }: { readonly seen: Seen | undefined; readonly token: Token | undefined },
): boolean {
  const source = [to, "*"]
    .flatMap((destination) => {
      const all = sections(entries.get("service-intentions", destination)?.["Sources"]);
      return [all.find((s) => s["Name"] === from), all.find((s) => s["Name"] === "*")];
    })
    .find((s) => s !== undefined);
  if (source === undefined) return false;
  const action = textOf(source["Action"]);
  if (action !== undefined) return action === "allow";
  // What carries no requests is denied by permissions.
  if (seen === undefined) return false;
  const all = sections(entries.get("service-intentions", to)?.["Sources"]).flatMap((s) =>
    sections(s["Permissions"]),
  );
  const known = all.flatMap((p) => providersOf(p).map((each) => each["Name"]));
  // A token that is taken is taken out of the request before.
  const bearer = token !== undefined && !(token.valid && known.includes(token.provider));
  const permission = sections(source["Permissions"]).find((p) => {
    const http = section(p["HTTP"]);
    return holds(http, seen) && sections(http["Header"]).every((h) => headerHolds(h, bearer));
  });
  if (permission?.["Action"] !== "allow") return false;
  const providers = providersOf(permission);
  return providers.length === 0 || providers.some((p) => accepts(p, token));
}

const providersOf = (permission: JsonObject): JsonObject[] => [
  ...sections(section(permission["JWT"])["Providers"]),
];

/** Of a header that is not there Envoy takes no condition but that it is not. */
function headerHolds(header: JsonObject, bearer: boolean): boolean {
  if (header["Name"] !== "authorization" || header["Invert"] !== true) throw new Error("another header");
  return header["Present"] === true ? !bearer : header["Contains"] !== "Bearer " && bearer;
}

function holds(http: JsonObject, { method, path }: Seen): boolean {
  const exact = textOf(http["PathExact"]);
  const prefix = textOf(http["PathPrefix"]);
  const regex = textOf(http["PathRegex"]);
  const methods = texts(http["Methods"]);
  return (
    (exact === undefined || path === exact) &&
    (prefix === undefined || path.startsWith(prefix)) &&
    (regex === undefined || matchesWhole(regex, path)) &&
    (methods.length === 0 || methods.includes(method))
  );
}

/** Claims are compared as single texts: a list never is one. */
function accepts(provider: JsonObject, token: Token | undefined): boolean {
  if (token === undefined || !token.valid || token.provider !== provider["Name"]) return false;
  return sections(provider["VerifyClaims"]).every(
    (c) => token.claims[texts(c["Path"])[0] ?? ""] === c["Value"],
  );
}
