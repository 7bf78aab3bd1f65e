import { native, none, standard } from "../../../capability/support";
import type { CapabilityTable } from "../../../capability/types";
import { mostlyNone } from "./table";

const LATTICE = "https://docs.aws.amazon.com/vpc-lattice/latest/ug";
const CONTROLLER = "https://www.gateway-api-controller.eks.aws.dev/latest/api-types";
const rules = `${LATTICE}/listener-rules.html`;
const auth = `${LATTICE}/auth-policies.html`;

const noProxy = none(
  "VPC Lattice has no proxies beside workloads: it routes in the network, and forwards or answers",
  rules,
  "a mesh with proxies",
);
const noMutual = none(
  "callers of VPC Lattice prove who they are by signing requests with their IAM role, not by certificates",
  auth,
  "IAMAuthPolicy, and callers that sign",
);
const signed = none(
  "an IAMAuthPolicy names IAM roles, and an intent names service accounts",
  auth,
  "an IAMAuthPolicy by hand, for the role of each service account",
);
const inVpc = none(
  "VPC Lattice is reached from within its network only",
  `${LATTICE}/what-is-vpc-lattice.html`,
);

/** What VPC Lattice can do on EKS, through AWS's controller of the Gateway API. */
export const latticeTable: CapabilityTable = mostlyNone(
  {
    "route.http": standard("HTTPRoute", `${CONTROLLER}/http-route/`),
    "route.grpc": standard("GRPCRoute", `${CONTROLLER}/grpc-route/`),
    "match.path.exact": standard("HTTPRoute.spec.rules[].matches[].path", rules),
    "match.path.prefix": standard("HTTPRoute.spec.rules[].matches[].path", rules),
    "match.method": standard("HTTPRoute.spec.rules[].matches[].method", rules),
    "match.header.exact": standard("HTTPRoute.spec.rules[].matches[].headers", rules, "at most five"),
    "match.grpc": standard("GRPCRoute.spec.rules[].matches[].method", `${CONTROLLER}/grpc-route/`),
    "backend.split": standard("HTTPRoute.spec.rules[].backendRefs[].weight", rules),
    "backend.version": standard("a Service for each version", rules),
    "traffic.healthCheck": native("TargetGroupPolicy.spec.healthCheck", `${CONTROLLER}/target-group-policy/`),
    "authorization.defaultAllow": native("no IAMAuthPolicy", auth),
    "gateway.exposure.cluster": standard("Gateway of the class amazon-vpc-lattice", `${CONTROLLER}/gateway/`),
    "gateway.http": standard("Gateway.spec.listeners[]", `${CONTROLLER}/gateway/`),
    "gateway.https": standard("Gateway.spec.listeners[]", `${CONTROLLER}/gateway/`, "certificates of ACM"),
    "telemetry.accessLogs": native("AccessLogPolicy", `${CONTROLLER}/access-log-policy/`),
    "telemetry.metrics": native("CloudWatch", `${LATTICE}/monitoring-cloudwatch.html`),
  },
  (id) => {
    if (id.startsWith("mtls.")) return noMutual;
    if (/^(access|authorization|jwt)\b|^externalAuthorization$/.test(id)) return signed;
    return id.startsWith("gateway.exposure.") ? inVpc : noProxy;
  },
);
