import type { KubeObject } from "../../../kube";

/** Something done by hand to a mesh that holds the sample. */
export interface Fault {
  readonly change: readonly KubeObject[];
  /** The objects are deleted, not applied. */
  readonly removes?: true;
  /** Service accounts of the proxies that are told. */
  readonly seenBy: readonly string[];
}

const security = (kind: string, name: string, spec: object): KubeObject => ({
  ...{ apiVersion: "security.istio.io/v1", kind },
  ...{ metadata: { name, namespace: "bookinfo" }, spec },
});
const networking = (kind: string, name: string, spec: object): KubeObject => ({
  ...{ apiVersion: "networking.istio.io/v1", kind },
  ...{ metadata: { name, namespace: "bookinfo" }, spec },
});
const reviews = (subset: string, weight?: number) => ({
  destination: { host: "reviews.bookinfo.svc.cluster.local", subset, port: { number: 9080 } },
  ...(weight !== undefined && { weight }),
});
const split = (v1: number, v2: number) => [reviews("v1", v1), reviews("v2", v2), reviews("v3", 10)];
const tester = {
  match: [{ uri: { prefix: "/" }, headers: { "end-user": { exact: "tester" } } }],
  route: [reviews("v2")],
};
const rest = { match: [{ uri: { prefix: "/" } }], route: split(80, 10) };
const versions = (v1: string) => [
  { name: "v1", labels: { version: v1 } },
  { name: "v2", labels: { version: "v2" } },
  { name: "v3", labels: { version: "v3" } },
];
const host = "reviews.bookinfo.svc.cluster.local";

/** One file of fixtures each; capture.ts applies them. */
export const faults: { readonly [file: string]: Fault } = {
  permissive: {
    change: [security("PeerAuthentication", "by-hand", { mtls: { mode: "PERMISSIVE" } })],
    seenBy: ["bookinfo-details"],
  },
  "permissive-port": {
    change: [
      security("PeerAuthentication", "by-hand", {
        selector: { matchLabels: { app: "details" } },
        portLevelMtls: { "9080": { mode: "PERMISSIVE" } },
      }),
    ],
    seenBy: ["bookinfo-details"],
  },
  "stray-allow": {
    change: [
      security("AuthorizationPolicy", "by-hand", {
        selector: { matchLabels: { app: "details" } },
        rules: [{ from: [{ source: { principals: ["cluster.local/ns/bookinfo/sa/bookinfo-ratings"] } }] }],
      }),
    ],
    seenBy: ["bookinfo-details"],
  },
  "wider-allow": {
    change: [
      security("AuthorizationPolicy", "details-allow", {
        selector: { matchLabels: { app: "details" } },
        rules: [{ from: [{ source: { principals: ["*"] } }] }],
      }),
    ],
    seenBy: ["bookinfo-details"],
  },
  "stray-deny": {
    change: [
      security("AuthorizationPolicy", "by-hand", {
        ...{ selector: { matchLabels: { app: "details" } }, action: "DENY" },
        rules: [{ to: [{ operation: { paths: ["/details/*"] } }] }],
      }),
    ],
    seenBy: ["bookinfo-details"],
  },
  "no-policy": {
    change: [
      {
        ...security("AuthorizationPolicy", "default-deny", {}),
        metadata: { name: "default-deny", namespace: "istio-system" },
      },
      security("AuthorizationPolicy", "ratings-allow", {}),
    ],
    ...{ removes: true, seenBy: ["bookinfo-ratings"] },
  },
  "wrong-weight": {
    change: [networking("VirtualService", "reviews", { http: [tester, { ...rest, route: split(78, 12) }] })],
    seenBy: ["bookinfo-productpage"],
  },
  "extra-route": {
    change: [
      networking("VirtualService", "reviews", {
        http: [{ match: [{ headers: { "x-debug": { exact: "1" } } }], route: [reviews("v3")] }, tester, rest],
      }),
    ],
    seenBy: ["bookinfo-productpage"],
  },
  "wrong-order": {
    change: [networking("VirtualService", "reviews", { http: [rest, tester] })],
    seenBy: ["bookinfo-productpage"],
  },
  "wrong-subset": {
    change: [networking("DestinationRule", "reviews", { host, subsets: versions("v3") })],
    seenBy: ["bookinfo-productpage"],
  },
  "plain-outbound": {
    change: [networking("DestinationRule", "reviews", { host, trafficPolicy: { tls: { mode: "DISABLE" } } })],
    seenBy: ["bookinfo-productpage"],
  },
  "extra-listener": {
    change: [
      {
        ...networking("Gateway", "by-hand", {
          selector: { istio: "public-gateway" },
          servers: [{ port: { name: "debug", number: 8081, protocol: "HTTP" }, hosts: ["*"] }],
        }),
        metadata: { name: "by-hand", namespace: "istio-ingress" },
      },
    ],
    seenBy: ["public-gateway"],
  },
};
