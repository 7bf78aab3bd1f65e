import { didYouMean, hostWithin } from "../lib";
import { Lookup } from "../mesh/intent/lookup";
import { isHttpLike, type NormalizedIntent, type Service } from "../mesh/intent/types";
import type { Call, Client, Destination, Request, Token } from "../mesh/semantics";
import { UserError } from "./exit";

const HOW = 'ask as in "GET reviews.bookinfo/api from productpage with end-user=jason"';

interface Words {
  readonly method: string;
  /** Without its scheme. */
  readonly target: string;
  readonly secure: boolean;
  readonly from?: string;
  readonly values: readonly (readonly [string, string])[];
}

/**
 * A request from a sentence: `METHOD host[:port]/path from caller with name=value …`. The host is a service (`reviews`,
 * `reviews.bookinfo`, `bookinfo/reviews`) or one of a gateway's; the caller a service, `outside`, or an identity
 * (`spiffe://…`). METHOD is one of HTTP's, `GRPC` (the path is /service/method) or `CONNECT` (bytes; `sni=name`). Values
 * are headers, but for `bearer=provider`, `claim.name=value` and `address=ip`.
 */
export function parseQuestion(sentence: string, intent: NormalizedIntent): Request {
  const words = split(sentence);
  const [, host = "", port, path = ""] =
    /^([^/:?]+(?:\/[^/:?]+)??)(?::(\d+))?([/?].*)?$/.exec(words.target) ?? [];
  const found = destinationOf({ host, port, path, words }, intent);
  const own = words.values.filter(([name]) => !/^(bearer|address|sni|claim\..*)$/.test(name));
  const headers = own.map(([name, value]) => ({ name, value }));
  const token = tokenOf(words.values);
  return {
    from: clientOf(words, { to: found.to, intent }),
    to: found.to,
    call: callOf(words, {
      path: found.path,
      headers,
      ...(found.host === undefined ? {} : { host: found.host }),
    }),
    ...(token === undefined ? {} : { token }),
  };
}

function split(sentence: string): Words {
  const shape = /^\s*([A-Za-z]+)\s+(\S+)(?:\s+from\s+(\S+))?(?:\s+with\s+(.+))?\s*$/.exec(sentence);
  const [, method, target, from, list = ""] = shape ?? [];
  if (method === undefined || target === undefined)
    throw new UserError("this is no question that can be answered", HOW);
  const values = [...list.matchAll(/([^\s=]+)=("([^"]*)"|\S+)/g)].map(
    ([, name = "", raw = "", quoted]) => [name, quoted ?? raw] as const,
  );
  const secure = target.startsWith("https://");
  return {
    method: method.toUpperCase(),
    target: target.replace(/^https?:\/\//, ""),
    secure,
    values,
    ...(from === undefined ? {} : { from }),
  };
}

interface Asked {
  readonly host: string;
  readonly port: string | undefined;
  readonly path: string;
  readonly words: Words;
}

interface FoundDestination {
  readonly to: Destination;
  readonly path: string;
  readonly host?: string;
}

function destinationOf({ host, port, path, words }: Asked, intent: NormalizedIntent): FoundDestination {
  // `bookinfo/reviews` may be a service, or the path /reviews of a host.
  const [first = "", second = "", ...rest] = words.target.split(/[:?]/)[0]?.split("/") ?? [];
  const keyed = new Lookup(intent).service(`${first}/${second}`);
  if (keyed !== undefined)
    return toService(keyed, { port, path: rest.length === 0 ? "/" : `/${rest.join("/")}` });
  const name = host.split("/")[0] ?? "";
  const whole = host.includes("/") ? `${host.slice(host.indexOf("/"))}${path}` : path;
  const asked = whole.startsWith("/") ? whole : `/${whole}`;
  const service = serviceNamed(name, intent);
  if (service !== undefined) return toService(service, { port, path: asked });
  const gateway = gatewayFor(name, { port, secure: words.secure, intent });
  if (gateway !== undefined) return { to: gateway, path: asked, host: name };
  const outside = intent.egress?.external.some((e) => e.hosts.some((own) => hostWithin(name, own))) ?? false;
  if (outside || (name.includes(".") && !isOfNamespace(name, intent)))
    return { to: { kind: "external", host: name, port: Number(port ?? 443) }, path: asked };
  throw new UserError(
    `there is no service or gateway host ${JSON.stringify(name)}`,
    didYouMean(name, known(intent)),
  );
}

/** Whether a host that nobody has reads as a service of one of the intent's namespaces. */
function isOfNamespace(host: string, { services }: NormalizedIntent): boolean {
  const [, namespace, ...more] = host.replace(/\.svc(\.cluster\.local)?$/, "").split(".");
  return more.length === 0 && services.some((service) => service.namespace === namespace);
}

function known({ services, gateways }: NormalizedIntent): string[] {
  return [
    ...services.map((s) => `${s.name}.${s.namespace}`),
    ...gateways.flatMap((g) => g.listeners.flatMap((l) => l.hosts)),
  ];
}

function toService(
  { key, ports }: Service,
  { port, path }: { port: string | undefined; path: string },
): FoundDestination {
  const chosen =
    port === undefined ? (ports.find((p) => isHttpLike(p.protocol)) ?? ports[0])?.port : Number(port);
  return { to: { kind: "service", service: key, port: chosen ?? 80 }, path };
}

/** By `name`, where one service only has it, `namespace/name`, `name.namespace`, or its name in the cluster. */
function serviceNamed(written: string, { services }: NormalizedIntent): Service | undefined {
  const plain = written.replace(/\.svc(\.cluster\.local)?$/, "");
  const exact = services.find((s) => s.key === plain || `${s.name}.${s.namespace}` === plain);
  const byName = services.filter((s) => s.name === plain);
  if (exact !== undefined || byName.length < 2) return exact ?? byName[0];
  throw new UserError(
    `several services are called ${plain}`,
    `name one of ${byName.map((s) => s.key).join(", ")}`,
  );
}

function gatewayFor(
  host: string,
  { port, secure, intent }: { port: string | undefined; secure: boolean; intent: NormalizedIntent },
): Destination | undefined {
  const all = intent.gateways.flatMap((gateway) =>
    gateway.listeners.map((listener) => ({ gateway: gateway.name, listener })),
  );
  const fitting = all
    .filter(({ listener }) => listener.hosts.some((own) => hostWithin(host, own)))
    .filter(({ listener }) => port === undefined || listener.port === Number(port));
  const wanted = fitting.find(({ listener }) => (listener.protocol === "https") === secure) ?? fitting[0];
  return wanted === undefined
    ? undefined
    : { kind: "gateway", gateway: wanted.gateway, port: wanted.listener.port };
}

function clientOf(
  { from, values }: Words,
  { to, intent }: { to: Destination; intent: NormalizedIntent },
): Client {
  const address = values.find(([name]) => name === "address")?.[1];
  const where = address === undefined ? {} : { address };
  if (from === undefined && to.kind === "gateway") return { kind: "unmeshed", ...where };
  if (from === undefined) throw new UserError("who asks is not said", HOW);
  if (from === "outside" || from === "internet") return { kind: "unmeshed", ...where };
  if (from.startsWith("spiffe://")) return { kind: "principal", principal: from, ...where };
  const service = serviceNamed(from, intent);
  if (service !== undefined) return { kind: "service", service: service.key, ...where };
  if (new Lookup(intent).gateway(from) !== undefined) return { kind: "gateway", gateway: from, ...where };
  throw new UserError(
    `there is no service ${JSON.stringify(from)}`,
    didYouMean(from, [...known(intent), "outside"]),
  );
}

interface Parts {
  readonly path: string;
  readonly host?: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

function callOf({ method, values }: Words, parts: Parts): Call {
  if (method === "CONNECT") {
    const sni = values.find(([name]) => name === "sni")?.[1];
    return { kind: "connection", ...(sni === undefined ? {} : { sni }) };
  }
  const { path, ...others } = parts;
  if (method !== "GRPC") return { kind: "http", method, path, ...others };
  const [, service = "", call = ""] = path.split("/");
  if (call === "")
    throw new UserError("a call names a service and a method", "as in GRPC quotes.shop/shop.v1.Quotes/Get");
  return { kind: "grpc", service, method: call, ...others };
}

function tokenOf(values: Words["values"]): Token | undefined {
  const provider = values.find(([name]) => name === "bearer")?.[1];
  if (provider === undefined) return undefined;
  const claims = values.flatMap(([name, value]) =>
    name.startsWith("claim.") ? [[name.slice(6), value] as const] : [],
  );
  return { provider, validity: "valid", claims: Object.fromEntries(claims) };
}
