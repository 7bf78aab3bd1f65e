import { byText } from "../../../../lib";
import { kubeObject } from "../../../plan/objects";
import type { KubeObject } from "../../../plan/types";
import { ADMIN_PORT, anyIdentityOf, POLICY } from "../names";
import type { Site } from "../site";
import { policiesFor } from "./callers";

/** In each namespace of services, the port of the proxies' metrics, open to those who scrape. */
export function scraping({ intent, options }: Site): KubeObject[] {
  const { namespaces, ipBlocks } = options.scrapers;
  if (namespaces.length + ipBlocks.length === 0) return [];
  const callers = {
    anyone: false,
    identities: [...namespaces]
      .sort(byText)
      .map((n) => ({ name: anyIdentityOf(n, intent.mtls.trustDomain) })),
    networks: [...ipBlocks].sort(byText),
  };
  const places = [...new Set(intent.services.map((s) => s.namespace))].sort(byText);
  return places.flatMap((namespace) => [
    kubeObject({
      apiVersion: `${POLICY}/v1beta3`,
      kind: "Server",
      name: "proxy-admin",
      namespace,
      // Without routes at it, Linkerd goes on letting the kubelet's probes in.
      spec: { accessPolicy: "deny", podSelector: {}, port: ADMIN_PORT, proxyProtocol: "HTTP/1" },
    }),
    // Who scrapes by address has no identity.
    ...policiesFor({ kind: "Server", name: "proxy-admin", namespace, mode: "permissive" }, callers),
  ]);
}
