import type {
  GrpcMatch,
  Match,
  NamedMatch,
  NamedValue,
  NormalizedIntent,
  Route,
  ValueMatch,
} from "../../../mesh/intent/types";
import type { Call, Destination } from "../../../mesh/semantics";
import type { Dice } from "./dice";
import { isRead } from "./requests";
import { GRPC_METHODS, GRPC_SERVICES } from "./routes";
import { EXACT_PATHS, HEADERS, METHODS, PARAMETERS, PREFIXES, textFor, VALUES } from "./values";

interface Around {
  readonly intent: NormalizedIntent;
  /** The route that the call is to follow or just miss. */
  readonly route: Route | undefined;
  readonly dice: Dice;
}

/** A call that a destination takes, which one of the route's matches holds for, or just does not. */
export function callFor(to: Destination, around: Around): Call {
  const { intent, route, dice } = around;
  if (!isRead(to, intent)) return connectionFor(to, around);
  const host = hostFor(to, around);
  const grpc = route?.kind === "grpc" || (to.kind === "service" && isGrpc(to, intent));
  if (grpc && dice.chance(0.95)) return { ...grpcCall(around), ...host };
  return { ...httpCall(to, around), ...host };
}

function isGrpc(to: Extract<Destination, { kind: "service" }>, { services }: NormalizedIntent): boolean {
  const port = services.find((s) => s.key === to.service)?.ports.find((p) => p.port === to.port);
  return port?.protocol === "grpc";
}

function connectionFor(to: Destination, { intent, route, dice }: Around): Call {
  if (to.kind === "external") return { kind: "connection", sni: to.host };
  const tls = route?.kind === "tls" || (to.kind === "service" && serves(to, intent) === "tls");
  if (!tls && dice.chance(0.9)) return { kind: "connection" };
  const names = route?.kind === "tls" ? route.rules.flatMap((r) => r.sni) : [];
  const hits = names.map((name) => name.replace("*", dice.pick(["a", "a.b", "vault"])));
  return { kind: "connection", sni: dice.pick([...hits, ...hits, "example.com", "vault.example.org"]) };
}

function serves(
  to: Extract<Destination, { kind: "service" }>,
  { services }: NormalizedIntent,
): string | undefined {
  return services.find((s) => s.key === to.service)?.ports.find((p) => p.port === to.port)?.protocol;
}

/** At a gateway the host decides which routes hold; elsewhere it is left as it comes. */
function hostFor(to: Destination, { intent, route, dice }: Around): { host?: string } {
  if (to.kind !== "gateway") return {};
  const own = route?.for.kind === "gateway" ? route.for.hosts : [];
  const any = intent.routes.flatMap((r) =>
    r.for.kind === "gateway" && r.for.gateway === to.gateway ? r.for.hosts : [],
  );
  const hosts = dice.chance(0.7) && own.length > 0 ? own : [...any, "other.example.com", "shop.example.org"];
  const host = dice.pick(hosts).replace("*", dice.pick(["a", "shop", "a.b"]));
  return { host: host.startsWith(".") || host === "" ? "shop.example.com" : host };
}

function grpcCall({ route, dice }: Around): Extract<Call, { kind: "grpc" }> {
  const matches = route?.kind === "grpc" ? route.rules.flatMap((r) => r.matches) : [];
  const match: GrpcMatch | undefined = matches.length > 0 ? dice.pick(matches) : undefined;
  const hit = dice.chance(0.75);
  return {
    kind: "grpc",
    service: hit && match?.service !== undefined ? match.service : dice.pick(GRPC_SERVICES),
    method: hit && match?.method !== undefined ? match.method : dice.pick(GRPC_METHODS),
    headers: headersFor(match?.headers ?? [], dice),
  };
}

function httpCall(to: Destination, around: Around): Extract<Call, { kind: "http" }> {
  const { intent, route, dice } = around;
  const matches = route?.kind === "http" ? route.rules.flatMap((r) => r.matches) : [];
  const match = matches.length > 0 && dice.chance(0.9) ? dice.pick(matches) : undefined;
  const path = match === undefined || dice.chance(0.1) ? loosePath(to, intent, dice) : pathFor(match, dice);
  const method = match?.method !== undefined && dice.chance(0.8) ? match.method : dice.pick(METHODS);
  const headers = headersFor(match?.headers ?? [], dice);
  const cookies = cookiesFor(match, dice);
  return {
    kind: "http",
    method: match?.method === undefined && dice.chance(0.6) ? "GET" : method,
    path: path + queryFor(match, dice),
    headers: cookies === undefined ? headers : [...headers, { name: "cookie", value: cookies }],
  };
}

/** A path that an access names, or any. */
function loosePath(to: Destination, intent: NormalizedIntent, dice: Dice): string {
  const named = intent.access
    .filter((a) => to.kind !== "service" || a.to.service === to.service)
    .flatMap((a) => a.operations.flatMap((o) => o.paths));
  if (named.length === 0 || dice.chance(0.3)) return dice.pick([...EXACT_PATHS, ...PREFIXES, "/elsewhere"]);
  const path = dice.pick(named);
  if (path.startsWith("*")) return dice.pick(["", "/x", "/cart"]) + path.slice(1).replace(/^(?!\/)/, "/");
  return path.replace("*", dice.pick(["", "/", "x", "/x"])).replace("//", "/");
}

function pathFor({ path: { kind, value } }: Match, dice: Dice): string {
  switch (kind) {
    case "exact":
      return dice.chance(0.8)
        ? value
        : dice.pick([`${value === "/" ? "" : value}/x`, `${value}x`, value.toUpperCase()]);
    case "regex":
      return textFor(value, dice.chance(0.75), dice).replace("//", "/");
    case "prefix": {
      const bare = value === "/" ? "" : value;
      const hits = [bare === "" ? "/" : bare, `${bare}/`, `${bare}/x`, `${bare}/items/7`];
      return dice.pick(
        dice.chance(0.8)
          ? hits
          : [`${bare}bar`, bare.slice(0, -1), "/"]
              .map((p) => (p === "" ? "/" : p))
              .filter((p) => p.startsWith("/")),
      );
    }
  }
}

/** A value that matches, or one that just does not; absent now and then. */
function valueFor({ kind, value }: ValueMatch, dice: Dice): string | undefined {
  if (dice.chance(0.1)) return undefined;
  if (kind === "regex") return textFor(value, dice.chance(0.8), dice);
  return dice.chance(0.8) ? value : dice.pick([`${value}x`, value.toUpperCase(), value.slice(0, -1) || "y"]);
}

function headersFor(matches: readonly NamedMatch[], dice: Dice): NamedValue[] {
  const wanted = matches.flatMap(({ name, match }): NamedValue[] => {
    const value = valueFor(match, dice);
    if (value === undefined) return [];
    const spelled = dice.chance(0.3) ? name.toUpperCase() : name;
    return [{ name: dice.chance(0.95) ? spelled : `${name}s`, value }];
  });
  const free = [...HEADERS, "x-gone"].filter((name) => !matches.some((m) => m.name === name));
  const noise = dice.some(free, 0.2).map((name) => ({ name, value: dice.pick(VALUES) }));
  return [...wanted, ...noise];
}

function queryFor(match: Match | undefined, dice: Dice): string {
  const wanted = (match?.query ?? []).flatMap(({ name, match: m }) => {
    const value = valueFor(m, dice);
    return value === undefined ? [] : [`${name}=${value}`];
  });
  const noise = dice.some(PARAMETERS, 0.1).map((name) => `${name}=${dice.pick(VALUES)}`);
  const all = dice.chance(0.8) ? [...wanted, ...noise] : [...noise, ...wanted];
  return all.length === 0 ? "" : `?${all.join("&")}`;
}

function cookiesFor(match: Match | undefined, dice: Dice): string | undefined {
  const wanted = (match?.cookies ?? []).flatMap(({ name, match: m }) => {
    const value = valueFor(m, dice);
    return value === undefined ? [] : [`${name}=${value}`];
  });
  const all = [
    ...(dice.chance(0.2) ? ["theme=dark"] : []),
    ...wanted,
    ...(dice.chance(0.2) ? ["lang=en"] : []),
  ];
  return all.length === 0 ? undefined : all.join("; ");
}
