import { isDnsLabel, present } from "../../../lib";
import type { Draft } from "../draft";
import type { Field } from "../field";
import { readGatewayApi } from "../gateway-api";
import type { Manifests } from "../manifests";
import { addVersions } from "../services";
import type { Source } from "../types";
import { readIntentions } from "./intentions";
import { byName, GROUP, type Consul } from "./model";
import { routeOf } from "./router";
import { readResolvers, readServiceDefaults } from "./services";
import { fromBase64 } from "./base64";
import { gatewayDialect } from "./gateways";

/** Consul on Kubernetes, by its config entries. */
export const consul: Source = {
  title: "Consul",
  security: ["ServiceIntentions", "JWTProvider"],
  read: readConsul,
};

function readConsul(manifests: Manifests, draft: Draft): void {
  const mesh: Consul = {
    draft,
    manifests,
    splitters: byName(manifests.take(GROUP, "ServiceSplitter")),
    resolvers: byName(manifests.take(GROUP, "ServiceResolver")),
    routers: byName(manifests.take(GROUP, "ServiceRouter")),
    outside: new Set(),
  };
  readGatewayApi(manifests, draft, gatewayDialect(mesh));
  readServiceDefaults(mesh);
  readResolvers(mesh);
  readProviders(mesh);
  draft.routes.push(...[...draft.services.values()].flatMap((service) => routeOf(service, mesh)));
  readIntentions(mesh);
  readMesh(mesh);
  for (const { spec } of manifests.take(GROUP, "TerminatingGateway")) spec.get("services").accept();
  addVersions(manifests, draft);
}

function readProviders({ manifests, draft }: Consul): void {
  for (const { name, spec } of manifests.take(GROUP, "JWTProvider")) {
    const issuer = spec.get("issuer").text();
    const keys = spec.get("jsonWebKeySet");
    const jwksUri = keys.get("remote", "uri").text();
    const jwks = fromBase64(keys.get("local", "jwks").text());
    keys.get("remote").accept();
    if (issuer === undefined || (jwksUri ?? jwks) === undefined || !isDnsLabel(name)) {
      spec.lose({ message: "a provider has an issuer and keys, in an intent", security: true });
      continue;
    }
    const forward = spec.get("locations").items().some(forwards);
    const audiences = [...new Set(spec.get("audiences").texts())].sort();
    const key = jwksUri === undefined ? present({ jwks }) : { jwksUri };
    draft.jwtProviders.push({ name, issuer, ...key, audiences, forward, at: spec.at });
  }
}

/** Tokens come as `Authorization: Bearer`; any other place is lost. */
function forwards(location: Field): boolean {
  const header = location.get("header");
  header.get("name").acceptIf("Authorization", "authorization");
  header.get("valuePrefix").acceptIf("Bearer ");
  return header.get("forward").flag() === true;
}

/** What holds for all proxies. */
function readMesh({ manifests, draft }: Consul): void {
  draft.mode = "strict";
  for (const { spec } of manifests.take(GROUP, "ProxyDefaults")) {
    if (spec.get("mutualTLSMode").word("permissive", "strict") === "permissive") draft.mode = "permissive";
    spec.get("config", "local_request_timeout_ms").acceptIf(0);
    const logs = spec.get("accessLogs", "enabled").flag();
    spec.get("accessLogs", "type").acceptIf("stdout");
    if (logs !== undefined)
      draft.telemetry = { accessLogs: logs ? "all" : "off", metrics: true, at: spec.at };
  }
  for (const { spec } of manifests.take(GROUP, "Mesh")) {
    const only = spec.get("transparentProxy", "meshDestinationsOnly").flag();
    if (only !== undefined) draft.egress = only ? "deny" : "allow";
    // Whether permissive services may be is said by there being some; paths are normal in an intent.
    for (const key of ["allowEnablingPermissiveMutualTLS", "tls", "http"]) spec.get(key).accept();
  }
}
