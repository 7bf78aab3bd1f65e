import type { Lookup } from "../intent/lookup";
import type { NormalizedIntent, RequestRule } from "../intent/types";

/** How one implementation of the Gateway API is spoken to. */
export interface Dialect {
  /** The version in which it reads each kind that is not `v1` everywhere. */
  readonly versions: {
    readonly TLSRoute: string;
    readonly TCPRoute: string;
    readonly ReferenceGrant: string;
  };
  /** It reads `rules[].retry`, which only the experimental channel has. */
  readonly retry: boolean;
  /**
   * Where it tries regular expressions among the paths of a route: `first`, as intents mean it, before all prefixes;
   * `last`, after them.
   */
  readonly regex: "first" | "last";
  /** What it takes from annotations of a route; rules with different ones stand in routes of their own. */
  readonly annotations?: (rule: RequestRule) => { readonly [name: string]: string };
}

/** The intent, and how and where its routes are to be written. */
export interface RouteSite {
  readonly intent: NormalizedIntent;
  readonly lookup: Lookup;
  readonly dialect: Dialect;
  /** Of the Gateway objects and the routes for them. */
  readonly gatewayNamespace: string;
  /** The name of the Gateway object of a gateway of the intent. */
  readonly gatewayName: (gateway: string) => string;
}

/** What is the same for everyone: Istio and whoever passes the conformance tests of 1.6. */
export const STANDARD_VERSIONS: Dialect["versions"] = {
  TLSRoute: "v1",
  TCPRoute: "v1",
  ReferenceGrant: "v1beta1",
};

export const GROUP = "gateway.networking.k8s.io";

export type RouteKind = "HTTPRoute" | "GRPCRoute" | "TLSRoute" | "TCPRoute";
