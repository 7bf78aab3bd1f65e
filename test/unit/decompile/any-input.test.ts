import fc from "fast-check";
import { decompile, sources, type SourceKind } from "../../../mesh/decompile";

const kinds = Object.keys(sources) as SourceKind[];

/** Kinds that some source reads, with the group of each. */
const READ: readonly (readonly [string, string])[] = [
  ...[
    "VirtualService",
    "DestinationRule",
    "Gateway",
    "ServiceEntry",
    "Sidecar",
    "EnvoyFilter",
    "WorkloadGroup",
  ].map((k) => ["networking.istio.io/v1", k] as const),
  ...["PeerAuthentication", "RequestAuthentication", "AuthorizationPolicy"].map(
    (k) => ["security.istio.io/v1", k] as const,
  ),
  ["telemetry.istio.io/v1", "Telemetry"],
  ...["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "Gateway", "GatewayClass", "ReferenceGrant"].map(
    (k) => ["gateway.networking.k8s.io/v1", k] as const,
  ),
  ...[
    "Server",
    "AuthorizationPolicy",
    "MeshTLSAuthentication",
    "NetworkAuthentication",
    "HTTPRoute",
    "HTTPLocalRateLimitPolicy",
    "EgressNetwork",
  ].map((k) => ["policy.linkerd.io/v1beta3", k] as const),
  ["linkerd.io/v1alpha2", "ServiceProfile"],
  ...[
    "ServiceDefaults",
    "ServiceRouter",
    "ServiceSplitter",
    "ServiceResolver",
    "ServiceIntentions",
    "ProxyDefaults",
    "Mesh",
    "JWTProvider",
    "MeshService",
  ].map((k) => ["consul.hashicorp.com/v1alpha1", k] as const),
  ...["Mesh", "VirtualNode", "VirtualRouter", "VirtualService", "VirtualGateway", "GatewayRoute"].map(
    (k) => ["appmesh.k8s.aws/v1beta2", k] as const,
  ),
  ["split.smi-spec.io/v1alpha4", "TrafficSplit"],
  ["specs.smi-spec.io/v1alpha4", "HTTPRouteGroup"],
  ["access.smi-spec.io/v1alpha3", "TrafficTarget"],
  ["flagger.app/v1beta1", "Canary"],
  ["v1", "Service"],
  ["v1", "ConfigMap"],
  ["v1", "Namespace"],
  ["apps/v1", "Deployment"],
];

/** Words that readers look for, so that random objects get somewhere. */
const WORDS = [
  "host",
  "hosts",
  "http",
  "match",
  "uri",
  "exact",
  "prefix",
  "regex",
  "route",
  "destination",
  "weight",
  "subset",
  "gateways",
  "rules",
  "from",
  "source",
  "principals",
  "to",
  "operation",
  "paths",
  "methods",
  "ports",
  "selector",
  "matchLabels",
  "app",
  "mtls",
  "mode",
  "portLevelMtls",
  "jwtRules",
  "issuer",
  "jwks",
  "parentRefs",
  "kind",
  "name",
  "namespace",
  "backendRefs",
  "matches",
  "path",
  "type",
  "value",
  "headers",
  "filters",
  "listeners",
  "port",
  "number",
  "protocol",
  "servers",
  "routes",
  "priority",
  "httpRoute",
  "action",
  "weightedTargets",
  "virtualNodeRef",
  "provider",
  "virtualRouter",
  "virtualRouterRef",
  "podSelector",
  "splits",
  "service",
  "sources",
  "permissions",
  "subsets",
  "trafficPolicy",
  "outlierDetection",
  "interval",
  "timeout",
  "retries",
  "attempts",
  "perTryTimeout",
  "spec",
  "identities",
  "networks",
  "cidr",
  "targetRef",
  "requiredAuthenticationRefs",
  "accessPolicy",
  "backends",
  "sni",
  "data",
  "mesh",
  "template",
] as const;

const leaf = fc.oneof(
  fc.constantFrom(
    "shop",
    "cart",
    "cart.shop.svc.cluster.local",
    "*",
    "/",
    "/a/",
    "STRICT",
    "ALLOW",
    "DENY",
    "GET",
    "10s",
    "-1s",
    "HTTP",
    "Service",
    "__proto__",
    "cluster.local/ns/shop/sa/cart",
    "^/a/.*$",
    "(((",
    "10.0.0.0/8",
    "",
  ),
  fc.integer({ min: -5, max: 70_000 }),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);

const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 7, withCrossShrink: true },
    leaf,
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 5 })), tie("tree"), {
      maxKeys: 5,
    }),
  ),
}));

const object = fc
  .record({
    head: fc.constantFrom(...READ),
    name: fc.constantFrom("cart", "web", "cart.shop.svc.cluster.local", "a.b", "UPPER"),
    namespace: fc.constantFrom("shop", "istio-system", undefined),
    spec: fc.dictionary(fc.constantFrom(...WORDS), tree, { maxKeys: 6 }),
  })
  .map(({ head: [apiVersion, kind], name, namespace, spec }) => ({
    apiVersion,
    kind,
    metadata: { name, namespace },
    spec,
    data: spec,
  }));

describe.each(kinds)("%s", (kind) => {
  test("takes any values whatsoever", () => {
    fc.assert(
      fc.property(fc.array(fc.anything({ withBigInt: false }), { maxLength: 4 }), (values) => {
        decompile(
          kind,
          values.map((value, i) => ({ object: value, at: [i] })),
        );
      }),
      { numRuns: 150 },
    );
  });

  test("takes objects of the right kinds with anything in them, in any order, and says the same of them", () => {
    fc.assert(
      fc.property(fc.array(object, { minLength: 1, maxLength: 8 }), (objects) => {
        const manifests = objects.map((value, i) => ({ object: value, at: [i] }));
        const forward = decompile(kind, manifests);
        const backward = decompile(kind, [...manifests].reverse());
        // Objects of one name are one object in a cluster; which of several wins is nobody's promise.
        const names = new Set(
          objects.map((o) => `${o.apiVersion} ${o.kind} ${o.metadata.namespace} ${o.metadata.name}`),
        );
        if (names.size === objects.length) expect(backward.intent).toEqual(forward.intent);
      }),
      { numRuns: 400 },
    );
  });
});
