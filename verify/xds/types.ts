/**
 * The part of Envoy's configuration that the checks read, as `protos.ts` decodes it: protobuf's JSON names, enums by
 * name, and fields that hold their default left out. Sources: envoy/config/{listener,route,cluster,endpoint,rbac}/v3.
 */

/** A message that was packed in an `Any`. `@closed`: a type this tool has no definition of. */
export interface Decoded {
  readonly "@type": string;
  readonly "@closed"?: true;
  readonly [field: string]: unknown;
}

export interface Wrapped<T> {
  readonly value?: T;
}

/** `google.protobuf.Struct`. */
export interface Struct {
  readonly fields?: { readonly [key: string]: StructValue };
}
export interface StructValue {
  readonly stringValue?: string;
  readonly structValue?: Struct;
  readonly listValue?: { readonly values?: readonly StructValue[] };
}
export interface Metadata {
  readonly filterMetadata?: { readonly [filter: string]: Struct };
}

export interface SocketAddress {
  readonly socketAddress?: { readonly address?: string; readonly portValue?: number };
}

/** A network filter, an HTTP filter or a transport socket: a name and its own configuration. */
export interface Extension {
  readonly name?: string;
  readonly typedConfig?: Decoded;
}

export interface Listener {
  readonly name?: string;
  readonly address?: SocketAddress;
  readonly trafficDirection?: "INBOUND" | "OUTBOUND";
  readonly filterChains?: readonly FilterChain[];
  readonly defaultFilterChain?: FilterChain;
  readonly useOriginalDst?: Wrapped<boolean>;
}

export interface FilterChain {
  readonly name?: string;
  readonly filterChainMatch?: {
    readonly destinationPort?: Wrapped<number>;
    readonly transportProtocol?: string;
    readonly applicationProtocols?: readonly string[];
  };
  readonly filters?: readonly Extension[];
  readonly transportSocket?: Extension;
}

export interface HttpConnectionManager {
  readonly rds?: { readonly routeConfigName?: string };
  readonly routeConfig?: RouteConfiguration;
  readonly httpFilters?: readonly Extension[];
}

export interface RouteConfiguration {
  readonly name?: string;
  readonly virtualHosts?: readonly VirtualHost[];
}

export interface VirtualHost {
  readonly name?: string;
  readonly domains?: readonly string[];
  readonly routes?: readonly Route[];
}

export interface StringMatcher {
  readonly exact?: string;
  readonly prefix?: string;
  readonly suffix?: string;
  readonly contains?: string;
  readonly safeRegex?: { readonly regex?: string };
  readonly ignoreCase?: boolean;
}

export interface HeaderMatcher {
  readonly name?: string;
  readonly stringMatch?: StringMatcher;
  readonly exactMatch?: string;
  readonly presentMatch?: boolean;
  readonly safeRegexMatch?: { readonly regex?: string };
  readonly invertMatch?: boolean;
}

export interface RouteMatch {
  readonly prefix?: string;
  readonly path?: string;
  readonly pathSeparatedPrefix?: string;
  readonly safeRegex?: { readonly regex?: string };
  readonly headers?: readonly HeaderMatcher[];
  readonly queryParameters?: readonly {
    readonly name?: string;
    readonly stringMatch?: StringMatcher;
    readonly presentMatch?: boolean;
  }[];
}

export interface Route {
  readonly name?: string;
  readonly match?: RouteMatch;
  readonly route?: RouteAction;
  readonly redirect?: object;
  readonly directResponse?: { readonly status?: number };
  readonly metadata?: Metadata;
}

export interface RouteAction {
  readonly cluster?: string;
  readonly weightedClusters?: {
    readonly clusters?: readonly { readonly name?: string; readonly weight?: Wrapped<number> }[];
  };
}

export interface Rbac {
  /** Left out: ALLOW. */
  readonly action?: "ALLOW" | "DENY" | "LOG";
  readonly policies?: { readonly [name: string]: RbacPolicy };
}
export interface RbacFilter {
  readonly rules?: Rbac;
  readonly shadowRules?: Rbac;
}
export interface RbacPolicy {
  readonly permissions?: readonly Permission[];
  readonly principals?: readonly Principal[];
}
export interface Permission {
  readonly any?: boolean;
  readonly andRules?: { readonly rules?: readonly Permission[] };
  readonly orRules?: { readonly rules?: readonly Permission[] };
  readonly notRule?: Permission;
  readonly header?: HeaderMatcher;
  readonly urlPath?: { readonly path?: StringMatcher };
  readonly destinationPort?: number;
  readonly [other: string]: unknown;
}
export interface Principal {
  readonly any?: boolean;
  readonly andIds?: { readonly ids?: readonly Principal[] };
  readonly orIds?: { readonly ids?: readonly Principal[] };
  readonly notId?: Principal;
  readonly authenticated?: { readonly principalName?: StringMatcher };
  readonly filterState?: { readonly key?: string; readonly stringMatch?: StringMatcher };
  readonly header?: HeaderMatcher;
  readonly [other: string]: unknown;
}

export interface TlsContext {
  readonly requireClientCertificate?: Wrapped<boolean>;
  readonly commonTlsContext?: {
    readonly alpnProtocols?: readonly string[];
    readonly tlsCertificateSdsSecretConfigs?: readonly { readonly name?: string }[];
    readonly combinedValidationContext?: {
      readonly defaultValidationContext?: {
        readonly matchSubjectAltNames?: readonly StringMatcher[];
        readonly matchTypedSubjectAltNames?: readonly { readonly matcher?: StringMatcher }[];
      };
      readonly validationContextSdsSecretConfig?: { readonly name?: string };
    };
    readonly validationContextSdsSecretConfig?: { readonly name?: string };
  };
}

export interface Cluster {
  readonly name?: string;
  readonly type?: string;
  readonly edsClusterConfig?: { readonly serviceName?: string };
  readonly transportSocket?: Extension;
  readonly transportSocketMatches?: readonly {
    readonly name?: string;
    readonly match?: Struct;
    readonly transportSocket?: Extension;
  }[];
  readonly metadata?: Metadata;
}

export interface LoadAssignment {
  readonly clusterName?: string;
  readonly endpoints?: readonly {
    readonly lbEndpoints?: readonly {
      readonly endpoint?: { readonly address?: SocketAddress };
      readonly metadata?: Metadata;
    }[];
  }[];
}

/** Everything istiod tells one proxy, and what of it could not be read. */
export interface ProxyConfig {
  /** `sidecar` beside a workload, `router` as a gateway. */
  readonly role: "sidecar" | "router";
  readonly namespace: string;
  readonly pod: string;
  readonly serviceAccount: string;
  readonly labels: { readonly [key: string]: string };
  readonly listeners: readonly Listener[];
  readonly clusters: readonly Cluster[];
  readonly routes: readonly RouteConfiguration[];
  readonly endpoints: readonly LoadAssignment[];
  /** Answers that were refused (NACK), with the reason. */
  readonly refused: readonly { readonly type: string; readonly reason: string }[];
}
