import type { Egress, Gateway, Listener, NormalizedIntent } from "../intent/types";
import { partsWith } from "./places";
import type { Definition } from "./types";

const GATEWAY = "https://gateway-api.sigs.k8s.io/api-types/gateway/";
const EGRESS = "https://istio.io/latest/docs/tasks/traffic-management/egress/egress-control/";

function listener(protocol: Listener["protocol"], title: string, definition: string): Definition {
  return {
    title: `gateway: ${title}`,
    definition,
    level: protocol === "http" || protocol === "https" ? "core" : "extended",
    security: false,
    link: GATEWAY,
    uses: partsWith(
      ({ gateways }: NormalizedIntent) => gateways.flatMap((gateway) => gateway.listeners),
      (one) => one.protocol === protocol,
      ["protocol"],
    ),
  };
}

function exposure(wanted: Gateway["exposure"], definition: string): Definition {
  return {
    title: `gateway: ${wanted}`,
    definition,
    level: wanted === "public" ? "core" : "extended",
    security: false,
    link: GATEWAY,
    uses: partsWith(
      ({ gateways }: NormalizedIntent) => gateways,
      (one) => one.exposure === wanted,
      ["exposure"],
    ),
  };
}

function outside(wanted: Egress["default"]): Definition["uses"] {
  return partsWith(
    ({ egress }: NormalizedIntent) => (egress === undefined ? [] : [egress]),
    (egress) => egress.default === wanted,
    ["default"],
  );
}

const externals = ({ egress }: NormalizedIntent): Egress["external"] => egress?.external ?? [];

/** What comes into the mesh and what leaves it. */
export const edge = {
  "gateway.http": listener("http", "HTTP", "A gateway takes requests in the clear."),
  "gateway.https": listener(
    "https",
    "HTTPS",
    "A gateway takes requests by TLS, with a certificate of its own.",
  ),
  "gateway.grpc": listener("grpc", "gRPC", "A gateway takes gRPC calls by HTTP/2 in the clear."),
  "gateway.tls": listener("tls", "TLS passed through", "A gateway passes TLS connections on unread."),
  "gateway.tcp": listener("tcp", "TCP", "A gateway passes connections of a port on."),
  "gateway.exposure.public": exposure("public", "A gateway is reached from the internet."),
  "gateway.exposure.internal": exposure("internal", "A gateway is reached from the private network only."),
  "gateway.exposure.cluster": exposure("cluster", "A gateway is reached from within the cluster only."),
  "egress.deny": {
    title: "nothing leaves",
    definition: "Workloads reach nothing outside the mesh but what is named.",
    level: "extended",
    security: true,
    link: EGRESS,
    uses: outside("deny"),
  },
  "egress.allow": {
    title: "everything may leave",
    definition: "Workloads reach whatever is outside the mesh.",
    level: "core",
    security: false,
    link: EGRESS,
    uses: outside("allow"),
  },
  "egress.external": {
    title: "external services",
    definition: "Something outside the mesh is known to it by name and can be called.",
    level: "extended",
    security: false,
    link: EGRESS,
    uses: partsWith(externals, () => true),
  },
  "egress.external.wildcard": {
    title: "external services by wildcard",
    definition: "Every host of a domain outside the mesh can be called.",
    level: "extended",
    security: false,
    link: EGRESS,
    uses: partsWith(externals, ({ hosts }) => hosts.some((host) => host.includes("*")), ["hosts"]),
  },
} as const satisfies { readonly [id: string]: Definition };
