import { isJsonObject, type Json, type JsonObject } from "../../../../lib";
import type { CloudResource, KubeObject, MeshPlan } from "../../../plan/types";

/** A config entry as Consul's API and agents take it. */
export interface ConfigEntry {
  /** `service-router`. */
  readonly kind: string;
  readonly name: string;
  /** The whole entry, its kind and name included, with the keys of Consul's API: `PathExact`. */
  readonly entry: JsonObject;
}

/** Kinds of objects that are config entries, and how Consul calls them. */
const KINDS: Readonly<Record<string, string>> = {
  Mesh: "mesh",
  ProxyDefaults: "proxy-defaults",
  ServiceDefaults: "service-defaults",
  ServiceResolver: "service-resolver",
  ServiceSplitter: "service-splitter",
  ServiceRouter: "service-router",
  ServiceIntentions: "service-intentions",
  JWTProvider: "jwt-provider",
  TerminatingGateway: "terminating-gateway",
};

/** The resource of Pulumi's Consul provider that is a config entry. */
const RESOURCE = "consul:index/configEntry:ConfigEntry";

/**
 * The config entries of a plan for Consul, in the order of its steps, in which Consul accepts them:
 * for `PUT /v1/config`, `consul config write` or `config_entries` of a server.
 */
export function configEntries(plan: MeshPlan): ConfigEntry[] {
  return plan.steps.flatMap(({ do: action }) => {
    switch (action.kind) {
      case "objects":
        return action.objects.flatMap((object) => configEntry(object) ?? []);
      case "cloudResources":
        return action.resources.flatMap(ofResource);
      case "chart":
        return [];
    }
  });
}

/** The config entry that Consul's controller makes of an object; nothing for objects of other kinds. */
export function configEntry({ kind, metadata, ...rest }: KubeObject): ConfigEntry | undefined {
  const entryKind = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  const spec = rest["spec"];
  if (entryKind === undefined || !isJsonObject(spec)) return undefined;
  // The name of intentions is that of whom they protect; the name of the object is only Kubernetes'.
  const { destination, ...others } = spec;
  const protectedName =
    kind === "ServiceIntentions" && isJsonObject(destination) ? destination["name"] : undefined;
  const fields = protectedName === undefined ? spec : others;
  const name = typeof protectedName === "string" ? protectedName : metadata.name;
  // There is one mesh, so that its entry has no name of its own.
  const head = entryKind === "mesh" ? { Kind: entryKind } : { Kind: entryKind, Name: name };
  return { kind: entryKind, name, entry: { ...head, ...keysOf(fields) } };
}

/** The entry as a resource of Pulumi's Consul provider. */
export function configResource({ kind, name, entry }: ConfigEntry): CloudResource {
  const { Kind, Name, ...config } = entry;
  void [Kind, Name];
  return {
    type: RESOURCE,
    name: `${kind}-${name}`,
    properties: { kind, name, configJson: JSON.stringify(config) },
  };
}

function ofResource({ type, properties }: CloudResource): ConfigEntry[] {
  const { kind, name, configJson } = properties;
  if (
    type !== RESOURCE ||
    typeof kind !== "string" ||
    typeof name !== "string" ||
    typeof configJson !== "string"
  ) {
    return [];
  }
  const config = JSON.parse(configJson) as JsonObject;
  const head = kind === "mesh" ? { Kind: kind } : { Kind: kind, Name: name };
  return [{ kind, name, entry: { ...head, ...config } }];
}

/** Maps whose keys are the user's own words, and settings of somebody else's making: nothing in them is renamed. */
const MAPS = new Set(["set", "add", "config", "arguments"]);
/** Maps of the user's words to sections of Consul's. */
const NAMED = new Set(["subsets", "failover"]);
const ACRONYMS: Readonly<Record<string, string>> = {
  http: "HTTP",
  jwks: "JWKS",
  jwt: "JWT",
  tls: "TLS",
  uri: "URI",
};

function keysOf(fields: JsonObject): JsonObject {
  const named: { [key: string]: Json } = {};
  for (const key of Object.keys(fields)) {
    const value = fields[key] as Json;
    const name = ACRONYMS[key] ?? `${key.charAt(0).toUpperCase()}${key.slice(1)}`;
    named[name] = MAPS.has(key) ? value : NAMED.has(key) ? below(value) : renamed(value);
  }
  return named;
}

function below(value: Json): Json {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, renamed(each)]));
}

function renamed(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(renamed);
  return isJsonObject(value) ? keysOf(value) : value;
}
