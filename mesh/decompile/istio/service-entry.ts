import { isDnsLabel, isHost, isPort, present } from "../../../lib";
import { contentText } from "../../intent/order";
import type { ExternalService } from "../../intent/types";
import type { Field } from "../field";
import type { Item } from "../manifests";
import type { Context } from "./context";

type Port = ExternalService["ports"][number];

/** What lies outside the mesh and is known to it. Run before routes are read, which may be for the same hosts. */
export function readServiceEntries(context: Context): void {
  for (const item of context.manifests.take("networking.istio.io", "ServiceEntry")) readEntry(item, context);
}

function readEntry(item: Item, { draft, externalHosts }: Context): void {
  const { spec } = item;
  const location = spec.get("location").text() ?? "MESH_EXTERNAL";
  const name = freeName(item, draft.external);
  const hosts = spec.get("hosts").items().flatMap(hostOf);
  for (const host of hosts) externalHosts.add(host);
  // Proxies fetch the keys of tokens there; nobody is meant to call it.
  const keys = draft.jwtProviders.flatMap((p) => /^https?:\/\/([^/:]+)/.exec(p.jwksUri ?? "")?.[1] ?? []);
  if (hosts.length > 0 && hosts.every((host) => keys.includes(host))) {
    spec.accept();
    return;
  }
  if (
    location !== "MESH_EXTERNAL" ||
    name === undefined ||
    hosts.length === 0 ||
    spec.get("workloadSelector").there
  ) {
    spec.lose({
      message:
        "services that the mesh is told of by hand have no place in an intent unless they are outside of it",
    });
    return;
  }
  spec.get("exportTo").acceptIf(["*"], []);
  const resolution = spec.get("resolution").text();
  if (resolution === "STATIC") {
    spec.get("resolution").change("an intent names hosts by DNS, not by their addresses");
  }
  const ports = spec.get("ports").items().flatMap(portOf);
  add({ name, hosts: [...new Set(hosts)].sort(), ports, at: spec.at }, draft.external);
}

const WILD = "-any";

/** Names under a wildcard may stand in an entry of their own, since they cannot be resolved beforehand. */
function add(external: ExternalService, known: ExternalService[]): void {
  const { name, hosts, ports } = external;
  const wild = name.endsWith(WILD) && hosts.every((host) => host.startsWith("*"));
  const base = wild ? name.slice(0, -WILD.length) : name;
  const i = known.findIndex(
    (other) => other.name === base && contentText(other.ports) === contentText(ports),
  );
  const twin = known[i];
  if (twin !== undefined) known[i] = { ...twin, hosts: [...twin.hosts, ...hosts].sort() };
  else known.push({ ...external, name: isDnsLabel(base) && i === -1 ? base : name });
}

function freeName(item: Item, taken: readonly ExternalService[]): string | undefined {
  const plain = item.name.replaceAll(".", "-").slice(0, 63);
  return [plain, `${item.namespace}-${plain}`.slice(0, 63)]
    .filter(isDnsLabel)
    .find((name) => taken.every((other) => other.name !== name));
}

function hostOf(field: Field): string[] {
  const host = field.text();
  if (host === undefined) return [];
  if (isHost(host)) return [host];
  field.lose({ message: `${JSON.stringify(host)} is not a host that an intent can name` });
  return [];
}

const PROTOCOLS: Readonly<Record<string, Port["protocol"]>> = {
  HTTP: "http",
  HTTPS: "https",
  HTTP2: "http2",
  GRPC: "grpc",
  TCP: "tcp",
  TLS: "tls",
  MONGO: "tcp",
};

function portOf(field: Field): Port[] {
  const port = field.get("number").number();
  const written = field.get("protocol").text()?.toUpperCase() ?? "TCP";
  field.get("name").accept();
  field.get("targetPort").acceptIf(...(port === undefined ? [] : [port]));
  if (port === undefined || !isPort(port)) return [];
  return [{ port, ...present({ protocol: PROTOCOLS[written] ?? "tcp" }) }];
}
