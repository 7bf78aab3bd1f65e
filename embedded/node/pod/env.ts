import { fieldValue, resourceValue, type PodFacts } from "../fields";
import type { Container, EnvVar, KeyedData, Pod, Service } from "../k8s";

/** Reads a ConfigMap or Secret of the pod's namespace; undefined where there is none. */
export type ReadData = (kind: "ConfigMap" | "Secret", name: string) => Promise<KeyedData | undefined>;

export interface EnvSource {
  readonly pod: Pod;
  readonly facts: PodFacts;
  readonly services: readonly Service[];
  readonly read: ReadData;
}

/** `$(NAME)` becomes the value of a variable that is known, `$$` a dollar sign, anything else stays. */
export function expand(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (whole, name: string | undefined) =>
    name === undefined ? "$" : (env[name] ?? whole),
  );
}

/** The text under a key: a Secret's is stored in base64. */
export function textOf(object: KeyedData, kind: "ConfigMap" | "Secret", key: string): string | undefined {
  const value = object.data?.[key];
  if (value !== undefined && kind === "Secret") return Buffer.from(value, "base64").toString("utf8");
  return value;
}

/** Variables that tell of the services of the pod's namespace, and always of the API server. */
export function serviceEnv(pod: Pod, services: readonly Service[]): Record<string, string> {
  const env: Record<string, string> = {};
  for (const { metadata, spec } of services) {
    const api = metadata.namespace === "default" && metadata.name === "kubernetes";
    const linked = pod.spec.enableServiceLinks !== false && metadata.namespace === pod.metadata.namespace;
    const [first] = spec.ports ?? [];
    const ip = spec.clusterIP;
    if (!(api || linked) || first === undefined || ip === undefined || ip === "" || ip === "None") continue;
    const name = metadata.name.toUpperCase().replaceAll("-", "_");
    env[`${name}_SERVICE_HOST`] = ip;
    env[`${name}_SERVICE_PORT`] = String(first.port);
    env[`${name}_PORT`] = `${(first.protocol ?? "TCP").toLowerCase()}://${ip}:${first.port}`;
    for (const { name: portName, port, protocol = "TCP" } of spec.ports ?? []) {
      if (portName !== undefined && portName !== "") {
        env[`${name}_SERVICE_PORT_${portName.toUpperCase().replaceAll("-", "_")}`] = String(port);
      }
      const link = `${name}_PORT_${port}_${protocol.toUpperCase()}`;
      env[link] = `${protocol.toLowerCase()}://${ip}:${port}`;
      env[`${link}_PROTO`] = protocol.toLowerCase();
      env[`${link}_PORT`] = String(port);
      env[`${link}_ADDR`] = ip;
    }
  }
  return env;
}

async function keyValue(
  entry: EnvVar,
  kind: "ConfigMap" | "Secret",
  source: EnvSource,
): Promise<string | undefined> {
  const ref = kind === "ConfigMap" ? entry.valueFrom?.configMapKeyRef : entry.valueFrom?.secretKeyRef;
  if (ref === undefined) return undefined;
  const object = await source.read(kind, ref.name ?? "");
  const value = object === undefined ? undefined : textOf(object, kind, ref.key);
  if (value === undefined && ref.optional !== true) {
    const what =
      object === undefined ? `${kind} ${ref.name} not found` : `${kind} ${ref.name} has no key ${ref.key}`;
    throw new Error(`variable ${entry.name}: ${what} in namespace ${source.pod.metadata.namespace}`);
  }
  return value;
}

async function valueOf(entry: EnvVar, container: Container, source: EnvSource): Promise<string | undefined> {
  const from = entry.valueFrom;
  if (from?.fieldRef !== undefined) return fieldValue(from.fieldRef, source.pod, source.facts);
  if (from?.resourceFieldRef !== undefined) {
    const { containerName } = from.resourceFieldRef;
    const all = [...(source.pod.spec.initContainers ?? []), ...source.pod.spec.containers];
    return resourceValue(
      from.resourceFieldRef,
      all.find((c) => c.name === containerName) ?? container,
      source.facts,
    );
  }
  if (from?.configMapKeyRef !== undefined) return keyValue(entry, "ConfigMap", source);
  if (from?.secretKeyRef !== undefined) return keyValue(entry, "Secret", source);
  return undefined;
}

async function fromWholeObjects(container: Container, source: EnvSource): Promise<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const { prefix = "", configMapRef, secretRef } of container.envFrom ?? []) {
    const kind = configMapRef !== undefined ? "ConfigMap" : "Secret";
    const ref = configMapRef ?? secretRef;
    const object = await source.read(kind, ref?.name ?? "");
    if (object === undefined && ref?.optional !== true) {
      throw new Error(
        `envFrom: ${kind} ${ref?.name} not found in namespace ${source.pod.metadata.namespace}`,
      );
    }
    for (const key of Object.keys(object?.data ?? {})) {
      if (object !== undefined) env[`${prefix}${key}`] = textOf(object, kind, key) ?? "";
    }
  }
  return env;
}

/** The container's variables, as a kubelet makes them: services, then `envFrom`, then `env` in order, each may use those before. */
export async function containerEnv(container: Container, source: EnvSource): Promise<Record<string, string>> {
  const env = { ...serviceEnv(source.pod, source.services), ...(await fromWholeObjects(container, source)) };
  for (const entry of container.env ?? []) {
    const value =
      entry.valueFrom === undefined
        ? expand(entry.value ?? "", env)
        : await valueOf(entry, container, source);
    if (value !== undefined) env[entry.name] = value;
  }
  return env;
}
