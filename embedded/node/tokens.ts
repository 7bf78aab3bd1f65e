import type { KubeClient } from "../../kube";
import type { Pod } from "./k8s";

interface Token {
  readonly value: string;
  readonly renewAt: number;
}

const DAY_MS = 24 * 3600 * 1000;

/** Tokens of pods' service accounts, bound to their pods, renewed after four fifths of their life or a day. */
export class PodTokens {
  private readonly tokens = new Map<string, Token>();

  constructor(private readonly client: KubeClient) {}

  async token(pod: Pod, audience: string | undefined, seconds: number): Promise<string> {
    const key = [pod.metadata.uid, audience, seconds].join(" ");
    const known = this.tokens.get(key);
    if (known !== undefined && Date.now() < known.renewAt) return known.value;
    const { namespace, name, uid } = pod.metadata;
    const account = pod.spec.serviceAccountName ?? "default";
    const answer = await this.client.createSubresource(
      { apiVersion: "v1", kind: "ServiceAccount", namespace, name: account, subresource: "token" },
      {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        metadata: {},
        spec: {
          ...(audience === undefined ? {} : { audiences: [audience] }),
          expirationSeconds: seconds,
          boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid },
        },
      },
    );
    const { token, expirationTimestamp } = answer["status"] as { token: string; expirationTimestamp: string };
    const life = Date.parse(expirationTimestamp) - Date.now();
    this.tokens.set(key, { value: token, renewAt: Date.now() + Math.min(life * 0.8, DAY_MS) });
    return token;
  }

  forget(pod: Pod): void {
    for (const key of this.tokens.keys()) if (key.startsWith(pod.metadata.uid)) this.tokens.delete(key);
  }
}
