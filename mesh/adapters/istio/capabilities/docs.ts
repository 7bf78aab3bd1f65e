const DOCS = "https://istio.io/latest/docs";

/** Where Istio's documentation defines a field. */
export const docs = {
  virtualService: `${DOCS}/reference/config/networking/virtual-service/`,
  destinationRule: `${DOCS}/reference/config/networking/destination-rule/`,
  gateway: `${DOCS}/reference/config/networking/gateway/`,
  serviceEntry: `${DOCS}/reference/config/networking/service-entry/`,
  envoyFilter: `${DOCS}/reference/config/networking/envoy-filter/`,
  workloadGroup: `${DOCS}/reference/config/networking/workload-group/`,
  peerAuthentication: `${DOCS}/reference/config/security/peer_authentication/`,
  authorizationPolicy: `${DOCS}/reference/config/security/authorization-policy/`,
  conditions: `${DOCS}/reference/config/security/conditions/`,
  requestAuthentication: `${DOCS}/reference/config/security/request_authentication/`,
  meshConfig: `${DOCS}/reference/config/istio.mesh.v1alpha1/`,
  telemetry: `${DOCS}/reference/config/telemetry/`,
  pluginCa: `${DOCS}/tasks/security/cert-management/plugin-ca-cert/`,
  multicluster: `${DOCS}/setup/install/multicluster/`,
  rateLimit: `${DOCS}/tasks/policy-enforcement/rate-limit/`,
  ambientL7: `${DOCS}/ambient/usage/l7-features/`,
  ambientL4: `${DOCS}/ambient/usage/l4-policy/`,
  waypoint: `${DOCS}/ambient/usage/waypoint/`,
  gatewayApi: `${DOCS}/tasks/traffic-management/ingress/gateway-api/`,
  httpRoute: "https://gateway-api.sigs.k8s.io/reference/spec/#httproute",
  flagger: "https://docs.flagger.app/tutorials/istio-progressive-delivery",
} as const;
