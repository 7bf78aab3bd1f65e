import { KubeClient, UnknownKindError, type KindRef } from "../../kube";
import { isNamespaced } from "./kinds";
import type { ProviderConfig } from "./provider-config";

/** One configured provider: its settings and its cluster. */
export class Session {
  /** `config` is undefined while it is not known (a first preview), or the reason why it cannot be used. */
  constructor(private readonly configured: ProviderConfig | Error | undefined) {}

  private kube: KubeClient | undefined;

  /** False only in previews in which the cluster does not exist yet. */
  get known(): boolean {
    return this.configured !== undefined;
  }

  get config(): ProviderConfig {
    if (this.configured instanceof Error) {
      throw new Error(`configured Kubernetes cluster is unreachable: ${this.configured.message}`);
    }
    if (!this.configured) throw new Error("the provider's configuration is not known yet");
    return this.configured;
  }

  get client(): KubeClient {
    return (this.kube ??= new KubeClient(this.config.connection));
  }

  get defaultNamespace(): string {
    return this.configured === undefined || this.configured instanceof Error
      ? "default"
      : this.configured.namespace;
  }

  /** Custom resources whose definition is not there yet are taken to be namespaced; creation will tell. */
  async namespaced(kind: KindRef): Promise<boolean> {
    const known = isNamespaced(kind);
    if (known !== undefined) return known;
    if (!this.known) return true;
    try {
      return (await this.client.resourceType(kind)).namespaced;
    } catch (error) {
      if (error instanceof UnknownKindError) return true;
      throw error;
    }
  }
}
