import type {
  Access,
  Caller,
  JwtCondition,
  NormalizedIntent,
  Operation,
  Service,
} from "../../../../mesh/intent/types";
import { isHttpLike } from "../../../../mesh/intent/types";
import type { Call, Client, Request, Token } from "../../../../mesh/semantics";
import { STRANGER } from "../security";
import { identityOf, tokenOf } from "./callers";

/** A request in the making: who calls what, and how. */
interface Knock {
  readonly from: Client;
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly token: Token | undefined;
}

/** For each access requests that it names, and for each of its conditions requests that miss just that one. */
export function requestsToAccess(intent: NormalizedIntent): Request[] {
  return intent.access.flatMap((entry) => {
    const service = intent.services.find((s) => s.key === entry.to.service);
    return service === undefined ? [] : knocks(entry, service, intent).map((k) => requestOf(k, service));
  });
}

function knocks(entry: Access, service: Service, intent: NormalizedIntent): Knock[] {
  const froms = [...entry.from.flatMap((caller) => callersOf(caller, intent)), ...strangers(intent)];
  const ports = [...entry.to.ports, ...service.ports.map((p) => p.port)];
  const { methods, paths } = choices(entry.operations);
  const tokens = tokensNear(entry.jwt, intent);
  const base: Knock = {
    from: froms[0] ?? { kind: "unmeshed" },
    port: ports[0] ?? 80,
    method: methods[0] ?? "GET",
    path: paths[0] ?? "/",
    token: tokens[0],
  };
  return [
    ...froms.map((from) => ({ ...base, from })),
    ...ports.slice(1).map((port) => ({ ...base, port })),
    ...methods.slice(1).map((method) => ({ ...base, method })),
    ...paths.slice(1).map((path) => ({ ...base, path })),
    ...tokens.slice(1).map((token) => ({ ...base, token })),
  ];
}

/** First those that are named, then those that are not. */
function choices(operations: readonly Operation[]): { methods: string[]; paths: string[] } {
  const methods = operations.flatMap((o) => o.methods);
  const named = operations.flatMap((o) => o.paths);
  const hits = named.flatMap((path) => {
    if (path.startsWith("*")) return [`/x${path.slice(1)}`];
    return path.endsWith("*") ? [path.slice(0, -1), `${path.slice(0, -1)}x`] : [path];
  });
  const misses = named.map((path) => `/no${path.replaceAll("*", "")}/where`);
  return {
    methods: [...methods, ...["GET", "POST", "DELETE"].filter((m) => !methods.includes(m)).slice(0, 1)],
    paths: [...hits.filter((p) => p.startsWith("/")), ...misses, "/elsewhere"],
  };
}

/** Through their proxies, where routes hold, and with their certificates straight at the pods, where none do. */
function callersOf(caller: Caller, intent: NormalizedIntent): Client[] {
  const by = (s: Service): Client[] => [
    { kind: "principal", principal: identityOf(s, intent), address: "10.1.2.3" },
    { kind: "service", service: s.key, address: "10.1.2.3" },
  ];
  switch (caller.kind) {
    case "service":
      return intent.services.filter((s) => s.key === caller.service).flatMap(by);
    case "namespace":
      return [
        ...intent.services
          .filter((s) => s.namespace === caller.namespace)
          .slice(0, 1)
          .flatMap(by),
        straight(identityOf({ namespace: caller.namespace, serviceAccount: "anybody" }, intent)),
      ];
    case "gateway":
      return [{ kind: "gateway", gateway: caller.gateway, address: "10.1.2.3" }];
    case "principal":
      return [straight(caller.principal), straight(`${caller.principal}s`)];
    case "ipBlocks":
      return caller.blocks.flatMap((block): Client[] => {
        const address = block.replace(/\/.*/, "").replace(/\.0$/, ".9");
        return [
          { kind: "unmeshed", address },
          { ...straight(identityOf(NOBODY, intent)), address },
        ];
      });
  }
}

const NOBODY = { namespace: "nowhere", serviceAccount: "nobody" };

function straight(principal: string): Client {
  return { kind: "principal", principal, address: "10.1.2.3" };
}

/** Whoever no access is likely to name. */
function strangers(intent: NormalizedIntent): Client[] {
  return [
    { ...straight(identityOf(NOBODY, intent)), address: "203.0.113.9" },
    { kind: "unmeshed", address: "203.0.113.9" },
    straight(STRANGER.replace(/[^/]*$/, "web")),
  ];
}

/** One that is asked for, then none, then such as miss by a claim, by their signature, their audience, their provider. */
function tokensNear(
  jwt: JwtCondition | undefined,
  { jwtProviders }: NormalizedIntent,
): (Token | undefined)[] {
  const [some] = jwtProviders;
  if (jwt === undefined)
    return some === undefined ? [undefined] : [undefined, tokenOf({ provider: some.name, claims: [] })];
  const right = tokenOf(jwt);
  const others = jwtProviders.filter((p) => p.name !== jwt.provider).map((p) => p.name);
  const audiences = jwtProviders.find((p) => p.name === jwt.provider)?.audiences ?? [];
  return [
    right,
    undefined,
    ...jwt.claims.flatMap(({ name, values }): Token[] => {
      const { [name]: gone, ...rest } = right.claims;
      void gone;
      const found = values.slice(1).map((value) => ({ ...right, claims: { ...rest, [name]: value } }));
      return [...found, { ...right, claims: rest }, { ...right, claims: { ...rest, [name]: "nobody" } }];
    }),
    { ...right, validity: "invalid" },
    ...(audiences.length === 0 ? [] : [{ ...right, validity: "wrong-audience" as const }]),
    ...[...others, "stranger"].map((provider) => ({ ...right, provider })),
  ];
}

function requestOf({ from, port, method, path, token }: Knock, { key, ports }: Service): Request {
  const to = { kind: "service", service: key, port } as const;
  const protocol = ports.find((p) => p.port === port)?.protocol ?? "http";
  return { from, to, call: callOf(protocol, method, path), ...(token === undefined ? {} : { token }) };
}

export function callOf(protocol: Service["ports"][number]["protocol"], method: string, path: string): Call {
  if (!isHttpLike(protocol)) return { kind: "connection" };
  if (protocol === "grpc") return { kind: "grpc", service: "shop.v1.Any", method: "Any", headers: [] };
  return { kind: "http", method, path, headers: [] };
}
