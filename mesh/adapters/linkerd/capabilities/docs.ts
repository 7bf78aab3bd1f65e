const DOCS = "https://linkerd.io/2-edge";
const SOURCE = "https://github.com/linkerd";

/** Where Linkerd's documentation or source says how something is done, or that it is not. */
export const docs = {
  httpRoute: `${DOCS}/reference/httproute/`,
  grpcRoute: `${DOCS}/reference/grpcroute/`,
  gatewayApi: `${DOCS}/features/gateway-api/`,
  timeouts: `${DOCS}/reference/timeouts/`,
  retries: `${DOCS}/reference/retries/`,
  serviceProfiles: `${DOCS}/reference/service-profiles/`,
  circuitBreaking: `${DOCS}/reference/circuit-breaking/`,
  loadBalancing: `${DOCS}/features/load-balancing/`,
  topology: `${DOCS}/features/topology-aware-routing/`,
  rateLimit: `${DOCS}/reference/rate-limiting/`,
  faultInjection: `${DOCS}/tasks/fault-injection/`,
  mtls: `${DOCS}/features/automatic-mtls/`,
  certificates: `${DOCS}/tasks/automatically-rotating-control-plane-tls-credentials/`,
  authorization: `${DOCS}/reference/authorization-policy/`,
  serverPolicy: `${DOCS}/features/server-policy/`,
  ingress: `${DOCS}/tasks/using-ingress/`,
  egress: `${DOCS}/reference/egress-network/`,
  tracing: `${DOCS}/tasks/distributed-tracing/`,
  accessLogging: `${DOCS}/features/access-logging/`,
  metrics: `${DOCS}/reference/proxy-metrics/`,
  multicluster: `${DOCS}/features/multicluster/`,
  externalWorkload: `${DOCS}/reference/external-workload/`,
  flagger: `${DOCS}/tasks/flagger/`,
  filters: `${SOURCE}/linkerd2/blob/main/policy-controller/k8s/index/src/outbound/index/http.rs`,
  redirect: `${SOURCE}/linkerd2-proxy/blob/main/linkerd/http/route/src/http/filter/redirect.rs`,
  tlsVersions: `${SOURCE}/linkerd2/pull/15584`,
} as const;
