import { isNotFound, type KubeClient } from "../../kube";
import type { KeyedData } from "./k8s";

const FRESH_MS = 5000;

/**
 * ConfigMaps and Secrets that pods use, each read at most every five seconds however many pods use it. A node may read
 * those that its own pods name, one by one, and no others: so they are asked for, not watched all together.
 */
export class PodObjects {
  private readonly cache = new Map<
    string,
    { readonly at: number; readonly value: Promise<KeyedData | undefined> }
  >();

  constructor(private readonly client: KubeClient) {}

  read(kind: "ConfigMap" | "Secret", namespace: string, name: string): Promise<KeyedData | undefined> {
    const key = `${kind} ${namespace}/${name}`;
    const known = this.cache.get(key);
    if (known !== undefined && Date.now() - known.at < FRESH_MS) return known.value;
    const value = this.fetch(kind, namespace, name);
    this.cache.set(key, { at: Date.now(), value });
    value.catch(() => this.cache.delete(key));
    return value;
  }

  private async fetch(kind: string, namespace: string, name: string): Promise<KeyedData | undefined> {
    try {
      return (await this.client.get({ apiVersion: "v1", kind, namespace, name })) as unknown as KeyedData;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}
