import { native, none } from "../../../capability/support";
import type { CapabilityTable } from "../../../capability/types";
import { docs } from "./docs";

const ROUTE = "ServiceRouter.spec.routes[]";
const match = (field: string, note?: string) =>
  native(`${ROUTE}.match.http.${field}`, docs.serviceRouter, note);
const to = (field: string, note?: string) =>
  native(`${ROUTE}.destination.${field}`, docs.serviceRouter, note);
const noRetry = (what: string) =>
  none(`a route of Consul has no ${what}`, docs.router, "retry.retries within the rule's timeout");
const enterprise = (what: string, nearest: string) =>
  none(`${what} needs Consul Enterprise`, docs.faultInjection, nearest);
const noRedirect = none(
  "a route of Consul always leads to a service",
  docs.router,
  "a backend that answers with the redirect",
);

/** What ServiceRouter and ServiceSplitter say of single requests and connections. */
export const routing = {
  "route.http": native(ROUTE, docs.serviceRouter, "a rule must hold for whatever no other rule does"),
  "route.grpc": native(ROUTE, docs.serviceRouter, "protocol grpc; services only, not gateways"),
  "route.tcp": native(
    "ServiceResolver.spec.redirect",
    docs.serviceResolver,
    "to one backend: connections cannot be split",
  ),
  "route.tls": none(
    "Consul does not choose a service by the name that a handshake asks for",
    docs.serviceRouter,
    "a service of its own for each name",
  ),
  "match.path.exact": match("pathExact"),
  "match.path.prefix": match(
    "pathPrefix",
    "a prefix of path elements is an exact match and a prefix with a slash",
  ),
  "match.path.regex": match("pathRegex"),
  "match.method": match("methods", "the nine methods of HTTP/1.1 and PATCH"),
  "match.header.exact": match("header[].exact"),
  "match.header.regex": match("header[].regex"),
  "match.query.exact": match("queryParam[].exact"),
  "match.query.regex": match("queryParam[].regex"),
  "match.cookie": match("header[].regex", "of the header cookie"),
  "match.grpc": match("pathExact", "a call is the path /service/method"),
  "backend.split": native(
    "ServiceSplitter.spec.splits[]",
    docs.serviceSplitter,
    "to a hundredth of a percent; requests only",
  ),
  "backend.version": native(
    "ServiceResolver.spec.subsets",
    docs.serviceResolver,
    "pods say their version by annotations, consul.hashicorp.com/service-meta-<label>",
  ),
  "timeout.request": to("requestTimeout"),
  retry: to("numRetries"),
  "retry.statusCodes": to("retryOnStatusCodes"),
  "retry.perTryTimeout": noRetry("timeout of a single try"),
  "retry.backoff": noRetry("wait between tries"),
  "retry.budget": noRetry("budget of retries"),
  "fault.delay": enterprise(
    "injecting delays",
    "a backend that is slow by itself, with a share of the traffic",
  ),
  "fault.abort": enterprise(
    "injecting errors",
    "a backend that fails by itself, with a share of the traffic",
  ),
  mirror: none(
    "Consul does not copy requests",
    docs.router,
    "a split that sends the new version a small share",
  ),
  "mirror.percent": none(
    "Consul does not copy requests",
    docs.router,
    "a split that sends the new version a small share",
  ),
  "mirror.several": none(
    "Consul does not copy requests",
    docs.router,
    "a split that sends the new version a small share",
  ),
  "headers.request": to("requestHeaders", "but for the header host"),
  "headers.response": to("responseHeaders"),
  "rewrite.host": none(
    "a route of Consul does not change the host",
    docs.router,
    "a header that the service reads",
  ),
  "rewrite.path.prefix": to(
    "prefixRewrite",
    "not for paths by regular expression; at gateways of the prefix / only",
  ),
  "rewrite.path.full": to("prefixRewrite", "of exact paths, and not at gateways"),
  redirect: noRedirect,
  "redirect.path.prefix": noRedirect,
} as const satisfies Partial<CapabilityTable>;
