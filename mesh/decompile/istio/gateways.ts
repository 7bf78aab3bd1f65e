import { isDnsLabel, isHost, isPort } from "../../../lib";
import type { Listener } from "../../intent/types";
import type { DraftGateway } from "../draft";
import type { Field } from "../field";
import { exposureOf } from "../exposure";
import type { Item, Manifests } from "../manifests";
import { hasAll } from "../services";
import type { Context } from "./context";

type Labels = { readonly [key: string]: string };

/** Gateways, each with the exposure that the Service before its pods has. Run before services are read. */
export function readGateways(context: Context): void {
  for (const item of context.manifests.take("networking.istio.io", "Gateway")) readGateway(item, context);
}

function readGateway(item: Item, { draft, gatewayNames, manifests }: Context): void {
  const { namespace, spec } = item;
  const name = freeName(item, draft.gateways);
  if (name === undefined) {
    item.root.lose({ message: `${JSON.stringify(item.name)} cannot be the name of a gateway` });
    return;
  }
  const selector = spec.get("selector").textMap();
  const listeners = spec.get("servers").items().flatMap(listenersOf);
  if (listeners.length === 0) {
    item.root.lose({ message: `gateway ${name} has no listener that an intent can say` });
    return;
  }
  gatewayNames.set(`${namespace}/${item.name}`, name);
  const services = manifests.take("", "Service").filter((s) => isBefore(s, selector));
  const exposure = services[0] === undefined ? undefined : exposureOf(services[0]);
  if (exposure === undefined) {
    const message = `no Service among the manifests leads to gateway ${name}: it is taken for a public one`;
    draft.assume(spec.at, message, "add the Service of its pods to what is imported, or change the exposure");
  }
  const at = item.root.at;
  const accounts = accountsBehind(selector, manifests);
  draft.gateways.set(name, {
    name,
    namespace,
    selector,
    accounts,
    listeners,
    exposure: exposure ?? "public",
    at,
  });
}

/** The accounts of the Deployments whose pods a gateway chooses, of whatever namespace. */
function accountsBehind(selector: Labels, manifests: Manifests): string[] {
  return manifests.take("apps", "Deployment").flatMap(({ namespace, spec }) => {
    const pod = spec.get("template");
    const account = pod.get("spec", "serviceAccountName").text() ?? "default";
    return hasAll(pod.get("metadata", "labels").textMap(), selector) ? [`${namespace}/${account}`] : [];
  });
}

function freeName(item: Item, taken: ReadonlyMap<string, DraftGateway>): string | undefined {
  const plain = item.name.replaceAll(".", "-");
  const candidates = [plain, `${item.namespace}-${plain}`].filter(isDnsLabel);
  return candidates.find((name) => !taken.has(name));
}

function isBefore({ spec }: Item, selector: Labels): boolean {
  return hasAll(spec.get("selector").textMap(), selector) || hasAll(selector, spec.get("selector").textMap());
}

function listenersOf(server: Field): Listener[] {
  const number = server.get("port", "number");
  const port = number.number();
  server.get("name").accept();
  server.get("port", "name").accept();
  const protocol = protocolOf(server);
  const hosts = server.get("hosts").items().flatMap(hostOf);
  if (port === undefined || !isPort(port) || protocol === undefined || hosts.length === 0) {
    server.lose({ message: "a listener of this kind has no place in an intent" });
    return [];
  }
  const secret = protocol === "https" ? server.get("tls", "credentialName").text() : undefined;
  if (protocol === "https" && secret === undefined) {
    server.lose({
      message: "a listener's certificate is a Secret; certificates from files have no place in an intent",
    });
    return [];
  }
  return [{ port, protocol, hosts, ...(secret === undefined ? {} : { tlsSecret: secret }), at: server.at }];
}

/** Undefined for what an intent has no listener for; mutual TLS is one, since no caller would have to prove anything. */
function protocolOf(server: Field): Listener["protocol"] | undefined {
  const mode = server.get("tls", "mode").text() ?? "PASSTHROUGH";
  const plain = !server.get("tls").there;
  switch (server.get("port", "protocol").text()?.toUpperCase()) {
    case "HTTP":
    case "HTTP2":
      return plain ? "http" : httpsRedirect(server);
    case "GRPC":
      return plain ? "grpc" : undefined;
    case "HTTPS":
      return mode === "SIMPLE" ? "https" : mode === "PASSTHROUGH" && !plain ? "tls" : undefined;
    case "TLS":
      return mode === "PASSTHROUGH" ? "tls" : undefined;
    case "TCP":
      return plain ? "tcp" : undefined;
    default:
      return undefined;
  }
}

function httpsRedirect(server: Field): "http" | undefined {
  const tls = server.get("tls");
  if (tls.entries().some(([key]) => key !== "httpsRedirect")) return undefined;
  tls.get("httpsRedirect").lose({
    message: "a redirect of all requests to https is not a listener's, in an intent",
    hint: "write a rule with redirect: { scheme: https }",
  });
  return "http";
}

/** A host without the namespace that may stand before it; one that narrows it to a namespace is lost. */
function hostOf(field: Field): string[] {
  const written = field.text();
  if (written === undefined) return [];
  const [before, after] = written.includes("/") ? written.split("/", 2) : ["*", written];
  const host = after ?? "";
  if (!isHost(host)) {
    field.lose({ message: `${JSON.stringify(written)} is not a host that an intent can name` });
    return [];
  }
  if (before !== "*") field.change(`routes of every namespace may be for ${host}, not only of ${before}`);
  return [host];
}
