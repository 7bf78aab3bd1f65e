import { isJsonObject, type JsonObject } from "../../../lib";
import { inBlock } from "../../../mesh/semantics/address";
import type { KubeObject } from "../../../mesh/plan/types";
import { best, list, ruleSummary, said, type Seen } from "./match";

/** Who is at a pod's port. */
export interface Peer {
  /** The name in its certificate; absent for plaintext. */
  readonly identity?: string;
  readonly address?: string;
}

export interface Pod {
  readonly namespace: string;
  readonly labels: { readonly [key: string]: string };
}

const specOf = (object: KubeObject): JsonObject => (isJsonObject(object["spec"]) ? object["spec"] : {});

/**
 * Whether a pod's proxy lets a request or connection in, by the objects that Linkerd's policy controller reads: `status`
 * is what it answers otherwise. After policy-controller/k8s/index/src/inbound and linkerd-app-inbound/src/policy.
 */
export class Inbound {
  constructor(
    private readonly objects: readonly KubeObject[],
    private readonly install: { readonly defaultPolicy: string; readonly trustDomain: string },
  ) {}

  admits(
    at: { readonly pod: Pod; readonly port: number },
    peer: Peer,
    seen?: Seen,
  ): true | 403 | 404 | "closed" {
    const server = this.serverOf(at.pod, at.port);
    const refused = seen === undefined ? "closed" : 403;
    if (server === undefined) return policyAdmits(this.install.defaultPolicy, peer) ? true : refused;
    const name = server.metadata.name;
    const spec = specOf(server);
    const atServer =
      policyAdmits(said(spec["accessPolicy"] ?? "deny"), peer) ||
      this.policiesOf("Server", name, at.pod.namespace).some((p) => this.authorizes(p, peer));
    const http = spec["proxyProtocol"] === "HTTP/1" || spec["proxyProtocol"] === "HTTP/2";
    if (!http || seen === undefined) return atServer ? true : refused;
    const routes = this.of("HTTPRoute", at.pod.namespace).filter(
      (r) =>
        r.apiVersion.startsWith("policy.linkerd.io/") &&
        list(specOf(r)["parentRefs"]).some((p) => p["kind"] === "Server" && p["name"] === name),
    );
    if (routes.length === 0) return atServer ? true : refused;
    const found = routes.flatMap((route) =>
      list(specOf(route)["rules"]).flatMap((rule) => {
        const summary = ruleSummary(rule, seen);
        return summary === undefined ? [] : [{ summary, of: route }];
      }),
    );
    const route = best(found);
    if (route === undefined) return 404;
    if (route !== best([...found].reverse())) throw new Error("two routes tie, and only their age decides");
    const own = this.policiesOf("HTTPRoute", route.metadata.name, at.pod.namespace);
    return atServer || own.some((p) => this.authorizes(p, peer)) ? true : 403;
  }

  private of(kind: string, namespace: string): KubeObject[] {
    return this.objects.filter((o) => o.kind === kind && o.metadata.namespace === namespace);
  }

  private serverOf({ namespace, labels }: Pod, port: number): KubeObject | undefined {
    const found = this.of("Server", namespace).filter((server) => {
      const spec = specOf(server);
      const selector = isJsonObject(spec["podSelector"]) ? spec["podSelector"] : {};
      const wanted = isJsonObject(selector["matchLabels"]) ? selector["matchLabels"] : {};
      return spec["port"] === port && Object.entries(wanted).every(([k, v]) => labels[k] === v);
    });
    if (found.length > 1) throw new Error(`two Servers for port ${port}`);
    return found[0];
  }

  private policiesOf(kind: string, name: string, namespace: string): KubeObject[] {
    return this.of("AuthorizationPolicy", namespace).filter((p) => {
      const target = specOf(p)["targetRef"];
      return isJsonObject(target) && target["kind"] === kind && target["name"] === name;
    });
  }

  /** All authentications must hold; one that is not there keeps everyone out. */
  private authorizes(policy: KubeObject, peer: Peer): boolean {
    const namespace = policy.metadata.namespace ?? "";
    return list(specOf(policy)["requiredAuthenticationRefs"]).every((ref) => {
      if (ref["kind"] === "ServiceAccount") {
        const account = `${said(ref["name"])}.${said(ref["namespace"] ?? namespace)}`;
        const { trustDomain } = this.install;
        return peer.identity === `${account}.serviceaccount.identity.linkerd.${trustDomain}`;
      }
      const object = this.of(said(ref["kind"]), namespace).find((o) => o.metadata.name === ref["name"]);
      if (object === undefined) return false;
      const spec = specOf(object);
      if (ref["kind"] === "NetworkAuthentication") {
        const { address } = peer;
        return list(spec["networks"]).some((n) => address !== undefined && inBlock(address, said(n["cidr"])));
      }
      return (spec["identities"] as readonly string[]).some((id) => identityHolds(id, peer.identity));
    });
  }
}

function identityHolds(wanted: string, identity: string | undefined): boolean {
  if (identity === undefined) return false;
  return wanted.startsWith("*") ? identity.endsWith(wanted.slice(1)) : identity === wanted;
}

function policyAdmits(policy: string, { identity }: Peer): boolean {
  if (policy === "all-authenticated") return identity !== undefined;
  return policy === "all-unauthenticated" || policy === "audit";
}
