import { native, none } from "../../../capability/support";
import type { CapabilityTable } from "../../../capability/types";
import { mostlyNone } from "./table";

const ECS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide";
const concepts = `${ECS}/service-connect-concepts.html`;
const deploy = `${ECS}/service-connect-concepts-deploy.html`;
const tls = `${ECS}/service-connect-tls.html`;

const noRoutes = none(
  "Service Connect has no routes: a name leads to the tasks of one ECS service",
  concepts,
  "an Application Load Balancer with rules before the tasks, or ECS's own blue-green deployments",
);
const oneSided = none(
  "TLS of Service Connect proves servers, not callers",
  tls,
  "serviceConnectConfiguration.services[].tls",
);
const noPolicies = none(
  "Service Connect knows no callers: security groups say who may reach whom",
  concepts,
  "a security group for each service",
);
const inNamespace = none(
  "Service Connect is within its namespace",
  concepts,
  "a load balancer before the tasks",
);
const fixed = none("Service Connect's proxies have settings of their own that cannot be chosen", deploy);

/** What ECS Service Connect can do. */
export const serviceConnectTable: CapabilityTable = mostlyNone(
  {
    "authorization.defaultAllow": native("no policies", concepts),
    "telemetry.accessLogs": native("serviceConnectConfiguration.accessLogConfiguration", deploy),
    "telemetry.metrics": native("CloudWatch", concepts),
    "workloads.ecs": native("serviceConnectConfiguration", concepts),
    "egress.allow": native("nothing stands in the way", concepts),
  },
  (id) => {
    if (id.startsWith("mtls.")) return oneSided;
    if (/^(access|authorization|jwt|egress)\b|^externalAuthorization$/.test(id)) return noPolicies;
    if (/^(gateway|federation|workloads|service)\b/.test(id)) return inNamespace;
    return /^(traffic|retry|timeout|telemetry)\b/.test(id) ? fixed : noRoutes;
  },
);
