import { formatDuration, shortHash, sortedBy, type JsonObject } from "../../../../lib";
import type { HeaderChange, RequestRule } from "../../../intent/types";
import type { KubeObject } from "../../../plan/types";
import { entry } from "../names";
import { NO_TIMEOUT, retries } from "../traffic/destination";

const CONSUL = "consul.hashicorp.com";

/** Consul's own filters are objects beside the route; equal ones are one object. */
export class FilterObjects {
  private readonly byName = new Map<string, KubeObject>();

  constructor(private readonly namespace: string) {}

  /** What a rule does to its requests, as filters of a route. */
  ofRule({ headers, timeoutMs, retry }: RequestRule, rewrite: string | undefined): JsonObject[] {
    const timeout = { requestTimeout: timeoutMs === undefined ? NO_TIMEOUT : formatDuration(timeoutMs) };
    return [
      ...modifier("RequestHeaderModifier", headers?.request),
      ...modifier("ResponseHeaderModifier", headers?.response),
      ...(rewrite === undefined ? [] : [prefixRewrite(rewrite)]),
      this.reference("RouteTimeoutFilter", timeout),
      ...(retry === undefined ? [] : [this.reference("RouteRetryFilter", retries(retry))]),
    ];
  }

  objects(): KubeObject[] {
    return sortedBy([...this.byName.values()], (o) => `${o.kind}/${o.metadata.name}`);
  }

  private reference(kind: string, spec: JsonObject): JsonObject {
    const name = `meshwright-${shortHash(JSON.stringify(spec))}`;
    this.byName.set(`${kind}/${name}`, entry(kind, { name, namespace: this.namespace, spec }));
    return { type: "ExtensionRef", extensionRef: { group: CONSUL, kind, name } };
  }
}

function prefixRewrite(replacePrefixMatch: string): JsonObject {
  return { type: "URLRewrite", urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch } } };
}

function modifier(type: string, change: HeaderChange | undefined): JsonObject[] {
  const { set = [], add = [], remove = [] } = change ?? {};
  if (set.length + add.length + remove.length === 0) return [];
  const key = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  const values = {
    ...(set.length === 0 ? {} : { set: set.map(({ name, value }) => ({ name, value })) }),
    ...(add.length === 0 ? {} : { add: add.map(({ name, value }) => ({ name, value })) }),
    ...(remove.length === 0 ? {} : { remove }),
  };
  return [{ type, [key]: values }];
}
