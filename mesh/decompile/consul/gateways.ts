import { present } from "../../../lib";
import type { Backend, Gateway, RouteRule } from "../../intent/types";
import { isInternal } from "../exposure";
import type { Field } from "../field";
import type { Dialect } from "../gateway-api/parents";
import type { Item } from "../manifests";
import { GROUP, serviceCalled, type Consul } from "./model";
import { retryOf, timeoutOf } from "./router";
import { backendsOf } from "./targets";

/** The Gateway API as Consul's gateways read it: prefixes of characters, filters of its own, and config entries behind. */
export function gatewayDialect(consul: Consul): Dialect {
  return {
    regex: (text) => text,
    retry: () => undefined,
    charPrefixes: true,
    gatewayName: (name) => (name.endsWith("-gateway") ? name.slice(0, -"-gateway".length) : name),
    exposure: (gateway) => exposureBy(gateway, consul),
    backends: (ref, namespace) => placesBehind(ref, namespace, consul),
    extension: (filter, namespace) => extensionOf(filter, namespace, consul),
  };
}

/** By the type of Service that the gateway's class asks for. */
function exposureBy({ spec, annotations }: Item, { manifests }: Consul): Gateway["exposure"] | undefined {
  const name = spec.get("gatewayClassName").text();
  const gatewayClass = manifests
    .take("gateway.networking.k8s.io", "GatewayClass")
    .find((c) => c.name === name);
  const config = gatewayClass?.spec.get("parametersRef", "name").text();
  const found = manifests.take(GROUP, "GatewayClassConfig").find((c) => c.name === config);
  const type = found?.spec.get("serviceType").text();
  for (const item of manifests.take(GROUP, "GatewayClassConfig")) item.spec.accept();
  if (type === undefined) return undefined;
  return type === "ClusterIP" ? "cluster" : isInternal(annotations) ? "internal" : "public";
}

/** What a Service or MeshService names in Consul: perhaps a split. */
function placesBehind(ref: Field, namespace: string, consul: Consul): Backend[] | undefined {
  const name = ref.get("name").text();
  if (name === undefined) return undefined;
  const place = ref.get("namespace").text() ?? namespace;
  const mesh = consul.manifests
    .take(GROUP, "MeshService")
    .find((m) => m.name === name && m.namespace === place);
  if (ref.get("kind").text() === "MeshService" && mesh === undefined) return undefined;
  for (const key of ["group", "kind"]) ref.get(key).text();
  const called = mesh?.spec.get("name").text() ?? name;
  if (mesh === undefined && serviceCalled(called, place, consul) === undefined) return undefined;
  const port = ref.get("port").number();
  const single = (backend: Backend): boolean =>
    consul.draft.services.get(backend.service)?.ports.some((p) => p.port === port) === true;
  return backendsOf({ name: called, subset: undefined, namespace: place, field: ref }, consul).map(
    (backend) => ({
      ...backend,
      ...present({ port: port !== undefined && single(backend) ? port : undefined }),
    }),
  );
}

/** Timeouts and retries are objects beside the route. */
function extensionOf(
  filter: Field,
  namespace: string,
  { manifests }: Consul,
): Partial<RouteRule> | undefined {
  const ref = filter.get("extensionRef");
  const kind = ref.get("kind").text() ?? "";
  const name = ref.get("name").text();
  ref.get("group").text();
  const item = manifests.take(GROUP, kind).find((i) => i.name === name && i.namespace === namespace);
  if (item === undefined) return undefined;
  if (kind === "RouteTimeoutFilter")
    return present({ timeoutMs: timeoutOf(item.spec.get("requestTimeout")) });
  return kind === "RouteRetryFilter" ? present({ retry: retryOf(item.spec) }) : undefined;
}
