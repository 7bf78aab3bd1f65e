import { fieldValue, resourceValue, type PodFacts } from "../fields";
import type { DownwardItem, FileSource, Pod, ProjectedSource, Volume } from "../k8s";
import type { ReadData } from "./env";

export interface VolumeFile {
  readonly content: Buffer;
  readonly mode: number;
}

/** Files of a volume by their path in it. */
export type VolumeFiles = Map<string, VolumeFile>;

export interface VolumeSource {
  readonly pod: Pod;
  readonly facts: PodFacts;
  readonly read: ReadData;
  /** A token of the pod's service account; without an audience, for the API server. */
  readonly token: (audience: string | undefined, seconds: number) => Promise<string>;
}

const DEFAULT_MODE = 0o644;
const HOUR = 3600;

async function keyed(
  kind: "ConfigMap" | "Secret",
  ref: FileSource,
  source: VolumeSource,
): Promise<VolumeFiles> {
  const name = (kind === "Secret" ? (ref.secretName ?? ref.name) : ref.name) ?? "";
  const object = await source.read(kind, name);
  if (object === undefined && ref.optional !== true) {
    throw new Error(`${kind} ${name} not found in namespace ${source.pod.metadata.namespace}`);
  }
  const encoding = kind === "Secret" ? "base64" : "utf8";
  const contents = new Map([
    ...Object.entries(object?.data ?? {}).map(([key, text]) => [key, Buffer.from(text, encoding)] as const),
    ...Object.entries(object?.binaryData ?? {}).map(
      ([key, text]) => [key, Buffer.from(text, "base64")] as const,
    ),
  ]);
  const files: VolumeFiles = new Map();
  const items = ref.items ?? [...contents.keys()].map((key) => ({ key, path: key, mode: undefined }));
  for (const { key, path, mode } of items) {
    const content = contents.get(key);
    if (content !== undefined) files.set(path, { content, mode: mode ?? ref.defaultMode ?? DEFAULT_MODE });
    else if (ref.optional !== true) throw new Error(`${kind} ${name} has no key ${key}`);
  }
  return files;
}

function downward(items: readonly DownwardItem[], mode: number, source: VolumeSource): VolumeFiles {
  const files: VolumeFiles = new Map();
  for (const item of items) {
    const { fieldRef, resourceFieldRef } = item;
    const container = source.pod.spec.containers.find((c) => c.name === resourceFieldRef?.containerName);
    let text = "";
    if (fieldRef !== undefined) text = fieldValue(fieldRef, source.pod, source.facts);
    else if (resourceFieldRef !== undefined && container !== undefined) {
      text = resourceValue(resourceFieldRef, container, source.facts);
    }
    files.set(item.path, { content: Buffer.from(text), mode: item.mode ?? mode });
  }
  return files;
}

async function projected(part: ProjectedSource, mode: number, source: VolumeSource): Promise<VolumeFiles> {
  if (part.configMap !== undefined)
    return keyed("ConfigMap", { defaultMode: mode, ...part.configMap }, source);
  if (part.secret !== undefined) return keyed("Secret", { defaultMode: mode, ...part.secret }, source);
  if (part.downwardAPI !== undefined) return downward(part.downwardAPI.items ?? [], mode, source);
  const token = part.serviceAccountToken;
  if (token === undefined) {
    throw new Error(
      `projected source ${Object.keys(part).join(", ")} is not one that the process node knows`,
    );
  }
  const content = Buffer.from(await source.token(token.audience, token.expirationSeconds ?? HOUR));
  return new Map([[token.path, { content, mode }]]);
}

/** What is to be in a volume now; undefined for one that the pod itself fills (emptyDir). */
export async function volumeFiles(volume: Volume, source: VolumeSource): Promise<VolumeFiles | undefined> {
  if (volume.emptyDir !== undefined) return undefined;
  if (volume.configMap !== undefined) return keyed("ConfigMap", volume.configMap, source);
  if (volume.secret !== undefined) return keyed("Secret", volume.secret, source);
  if (volume.downwardAPI !== undefined) {
    return downward(volume.downwardAPI.items ?? [], volume.downwardAPI.defaultMode ?? DEFAULT_MODE, source);
  }
  if (volume.projected !== undefined) {
    const mode = volume.projected.defaultMode ?? DEFAULT_MODE;
    const parts = await Promise.all(
      (volume.projected.sources ?? []).map((part) => projected(part, mode, source)),
    );
    return new Map(parts.flatMap((part) => [...part]));
  }
  const kind = Object.keys(volume).find((key) => key !== "name") ?? "none";
  throw new Error(`volume ${volume.name} is of kind ${kind}, which the process node does not offer`);
}
