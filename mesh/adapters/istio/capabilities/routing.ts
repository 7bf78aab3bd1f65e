import { native, none } from "../../../capability/support";
import type { CapabilityTable } from "../../../capability/types";
import { docs } from "./docs";

const HTTP = "VirtualService.spec.http[]";
const MATCH = `${HTTP}.match[]`;
const vs = (field: string, note?: string) => native(`${HTTP}.${field}`, docs.virtualService, note);
const match = (field: string, note?: string) => native(`${MATCH}.${field}`, docs.virtualService, note);

/** What VirtualServices say of single requests and connections. */
export const virtualServiceRouting = {
  "route.http": native(HTTP, docs.virtualService),
  "route.grpc": native(HTTP, docs.virtualService),
  "route.tcp": native("VirtualService.spec.tcp[]", docs.virtualService),
  "route.tls": native("VirtualService.spec.tls[].match[].sniHosts", docs.virtualService),
  "match.path.exact": match("uri.exact"),
  "match.path.prefix": match(
    "uri",
    "a prefix of path elements is an exact match and a prefix that ends in a slash",
  ),
  "match.path.regex": match("uri.regex"),
  "match.method": match("method"),
  "match.header.exact": match("headers.exact", "but for headers called uri, scheme, method and authority"),
  "match.header.regex": match("headers.regex", "but for headers called uri, scheme, method and authority"),
  "match.query.exact": match("queryParams.exact"),
  "match.query.regex": match("queryParams.regex"),
  "match.cookie": match("headers.cookie.regex", "at most three cookies in one match"),
  "match.grpc": match("uri", "a call is the path /service/method"),
  "backend.split": vs("route[].weight"),
  "backend.version": native("DestinationRule.spec.subsets[]", docs.destinationRule),
  "timeout.request": vs("timeout"),
  retry: vs("retries"),
  "retry.statusCodes": vs("retries.retryOn"),
  "retry.perTryTimeout": vs("retries.perTryTimeout"),
  "retry.backoff": vs("retries.backoff"),
  "retry.budget": native(
    "DestinationRule.spec.trafficPolicy.retryBudget",
    docs.destinationRule,
    "one for each service: rules that retry it must agree",
  ),
  "fault.delay": vs("fault.delay"),
  "fault.abort": vs("fault.abort"),
  mirror: vs("mirrors[]"),
  "mirror.percent": vs("mirrors[].percentage"),
  "mirror.several": vs("mirrors[]"),
  "headers.request": vs("headers.request"),
  "headers.response": vs("headers.response"),
  "rewrite.host": vs("rewrite.authority"),
  "rewrite.path.prefix": vs("rewrite.uri"),
  "rewrite.path.full": vs("rewrite.uriRegexRewrite"),
  redirect: vs("redirect"),
  "redirect.path.prefix": vs("redirect.prefixRewrite"),
} as const satisfies Partial<CapabilityTable>;

/** What VirtualServices could not say before `redirect.prefixRewrite` came with 1.31. */
export const beforePrefixRedirect = {
  "redirect.path.prefix": none(
    "a redirect of Istio before 1.31 replaces the whole path or none of it",
    docs.virtualService,
    "redirect.path full, or Istio 1.31",
  ),
} as const satisfies Partial<CapabilityTable>;
