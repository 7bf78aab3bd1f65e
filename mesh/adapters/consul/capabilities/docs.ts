const HC = "https://developer.hashicorp.com/consul/docs";
const CRD =
  "https://github.com/hashicorp/consul-k8s/blob/main/control-plane/config/crd/bases/consul.hashicorp.com_";

/** Where Consul's documentation or schemas define what the table names. */
export const docs = {
  serviceRouter: `${HC}/reference/config-entry/service-router`,
  serviceSplitter: `${HC}/reference/config-entry/service-splitter`,
  serviceResolver: `${HC}/reference/config-entry/service-resolver`,
  serviceDefaults: `${HC}/reference/config-entry/service-defaults`,
  proxyDefaults: `${HC}/reference/config-entry/proxy-defaults`,
  mesh: `${HC}/reference/config-entry/mesh`,
  intentions: `${HC}/reference/config-entry/service-intentions`,
  jwtProvider: `${HC}/reference/config-entry/jwt-provider`,
  extAuthz: `${HC}/reference/proxy/extensions/ext-authz`,
  faultInjection: `${HC}/troubleshoot/fault-injection`,
  rateLimit: `${HC}/manage-traffic/rate-limit`,
  ca: `${HC}/secure-mesh/certificate`,
  identity: `${HC}/concept/connect`,
  apiGateway: `${HC}/north-south/api-gateway`,
  terminatingGateway: `${HC}/north-south/terminating-gateway`,
  permissive: `${HC}/secure-mesh/permissive-mtls`,
  peering: `${HC}/east-west/cluster-peering`,
  envoy: `${HC}/reference/proxy/envoy`,
  vms: `${HC}/fundamentals/agent`,
  ecs: `${HC}/register/service/ecs`,
  router: `${CRD}servicerouters.yaml`,
  intentionsCrd: `${CRD}serviceintentions.yaml`,
  gatewayClassConfig: `${CRD}gatewayclassconfigs.yaml`,
  retryFilter: `${CRD}routeretryfilters.yaml`,
  argo: "https://github.com/argoproj-labs/rollouts-plugin-trafficrouter-consul",
  flagger: "https://docs.flagger.app/usage/how-it-works",
} as const;
