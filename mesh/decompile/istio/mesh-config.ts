import { parse } from "yaml";
import { isJsonObject, present } from "../../../lib";
import type { ExternalAuthorization } from "../../intent/types";
import { Field } from "../field";
import { durationOf } from "../values";
import { isRoot, placeOf, type Context } from "./context";

/** What the control plane's own config, the ConfigMap `istio` or `istio-<revision>`, says of the mesh as a whole. */
export function readMeshConfig(context: Context): void {
  const { manifests, draft } = context;
  for (const item of manifests.take("", "ConfigMap")) {
    if (!isRoot(item.namespace) || !/^istio(-|$)/.test(item.name)) continue;
    const written = item.root.get("data", "mesh");
    const config = fieldOf(written.text(), written, draft.losses);
    if (config === undefined) continue;
    context.configured = true;
    draft.trustDomain = config.get("trustDomain").text() ?? draft.trustDomain;
    const outbound = config.get("outboundTrafficPolicy", "mode").word("REGISTRY_ONLY", "ALLOW_ANY");
    if (outbound !== undefined) draft.egress = outbound === "REGISTRY_ONLY" ? "deny" : "allow";
    draft.retriesByDefault = config.get("defaultHttpRetryPolicy", "attempts").number() !== 0;
    for (const provider of config.get("extensionProviders").items()) readProvider(provider, draft);
  }
}

/** The mesh-wide Sidecar, where all that it does is to say what may be called outside; any other one is lost. */
export function readSidecars({ manifests, draft }: Context): void {
  for (const { spec, namespace } of manifests.take("networking.istio.io", "Sidecar")) {
    const mode = spec.get("outboundTrafficPolicy", "mode");
    const whole = isRoot(namespace) && !spec.get("workloadSelector").there;
    for (const egress of spec.get("egress").items()) egress.get("hosts").acceptIf(["*/*"]);
    const policy = mode.word("REGISTRY_ONLY", "ALLOW_ANY");
    if (whole && policy !== undefined && spec.unread().length === 0)
      draft.egress = policy === "REGISTRY_ONLY" ? "deny" : "allow";
    else
      spec.lose({
        message: "which services a proxy knows of is not said in an intent",
        hint: "access says who may call whom",
      });
  }
}

/** A document within a document; what is in it has no lines of its own. */
function fieldOf(
  text: string | undefined,
  { at }: Field,
  losses: Context["draft"]["losses"],
): Field | undefined {
  if (text === undefined || text.length > 1_000_000) return undefined;
  try {
    const value: unknown = parse(text, { maxAliasCount: 100 });
    return isJsonObject(value) ? new Field(value, at, losses) : undefined;
  } catch {
    return undefined;
  }
}

function readProvider(provider: Field, draft: Context["draft"]): void {
  const name = provider.get("name").text();
  if (name === undefined) return;
  const otel = provider.get("opentelemetry");
  const [host, port] = [otel.get("service").text(), otel.get("port").number()];
  if (host !== undefined && port !== undefined) {
    draft.collectors.set(name, `${host.replace(/\.svc\.cluster\.local$/, ".svc")}:${port}`);
  }
  for (const protocol of ["grpc", "http"] as const) {
    const authorizer = provider.get(protocol === "grpc" ? "envoyExtAuthzGrpc" : "envoyExtAuthzHttp");
    if (authorizer.there) addAuthorizer(authorizer, { name: name.replace(/^authz-/, ""), protocol, draft });
  }
}

interface Named {
  readonly name: string;
  readonly protocol: ExternalAuthorization["protocol"];
  readonly draft: Context["draft"];
}

/** Envoy's own wait where nothing is said: 600 s in Istio. */
const WAIT_MS = 600_000;

function addAuthorizer(field: Field, { name, protocol, draft }: Named): void {
  const place = placeOf((field.get("service").text() ?? "").split("/").at(-1) ?? "", "default");
  if (place === undefined) {
    field.lose({
      message: "who is asked about requests is a service of the cluster, in an intent",
      security: true,
    });
    return;
  }
  const service = draft.service(place, field.at);
  const port = field.get("port").number();
  draft.externalAuthorization.push({
    name,
    service: service.key,
    ...present({ port }),
    protocol,
    timeoutMs: durationOf(field.get("timeout")) ?? WAIT_MS,
    failOpen: field.get("failOpen").flag() ?? false,
    to: [],
    at: field.at,
  });
}
