import * as v from "valibot";
import {
  dateText,
  exactlyOne,
  hostText,
  nameText,
  notes,
  objectNameText,
  oneOf,
  portNumber,
  serviceKeyText,
  someOf,
  text,
} from "../schema";
import { routeSchema } from "./schema-routes";
import { isLabelKey, isLabelValue } from "./labels";

const labelKey = text({
  is: isLabelKey,
  finding: (t) => ({
    code: "bad-label",
    message: `${JSON.stringify(t)} is not a label`,
    hint: "as Kubernetes takes them: [prefix/]name, at most 63 letters, digits, -, _ and .",
  }),
});

const labelValue = text({
  is: isLabelValue,
  finding: (t) => ({
    code: "bad-label",
    message: `${JSON.stringify(t)} is not the value of a label`,
    hint: "at most 63 letters, digits, -, _ and .; quote numbers and words such as true",
  }),
});

const labels = v.record(labelKey, labelValue);

const mtlsMode = oneOf(["strict", "permissive"]);

const mtls = v.pipe(
  v.object({
    mode: v.optional(mtlsMode),
    trustDomain: v.optional(objectNameText),
    overrides: v.optional(
      v.array(
        v.pipe(
          v.object({
            namespace: v.optional(nameText),
            service: v.optional(serviceKeyText),
            port: v.optional(portNumber),
            mode: mtlsMode,
            until: v.optional(dateText),
          }),
          notes({ description: "An exception for a namespace, a service, or one port of a service." }),
        ),
      ),
    ),
  }),
  notes({ later: ["ca"] }),
);

const service = v.pipe(
  v.object({
    serviceAccount: v.pipe(objectNameText, notes({ description: "The identity of the service's pods." })),
    sharesServiceAccount: v.optional(v.boolean()),
    selector: v.optional(
      v.pipe(labels, notes({ description: "Labels of its pods; default { app: <name> }." })),
    ),
    ports: someOf(
      v.object({
        port: portNumber,
        targetPort: v.optional(portNumber),
        protocol: v.optional(oneOf(["http", "http2", "grpc", "tcp", "tls"])),
      }),
    ),
    versions: v.optional(v.record(nameText, v.object({ labels: v.optional(labels) }))),
  }),
  notes({ later: ["workloads", "clusters", "traffic"] }),
);

const principal = text({
  is: (t) => /^spiffe:\/\/[a-z0-9._-]+(\/[A-Za-z0-9._-]+)+$/.test(t),
  finding: (t) => ({
    code: "bad-principal",
    message: `${JSON.stringify(t)} is not an identity`,
    hint: "write spiffe://<trust domain>/ns/<namespace>/sa/<service account>",
  }),
});

const caller = v.pipe(
  exactlyOne(
    {
      service: v.optional(serviceKeyText),
      gateway: v.optional(nameText),
      namespace: v.optional(nameText),
      principal: v.optional(principal),
    },
    ["service", "gateway", "namespace", "principal"],
  ),
  notes({ later: ["ipBlocks"] }),
);

const accessPath = text({
  is: (t) => /^(\/[^*{}\s?#]*\*?|\*[^*{}\s?#]*)$/.test(t),
  finding: (t) => ({
    code: "bad-path",
    message: `${JSON.stringify(t)} is not a path that access can name`,
    hint: "an exact path, one that ends in * (/reviews/*), or one that begins with * (*/health); no query",
  }),
});

const methodName = text({
  is: (t) => /^[A-Z]{1,20}$/.test(t),
  finding: (t) => ({
    code: "bad-method",
    message: `${JSON.stringify(t)} is not an HTTP method`,
    hint: "write it in capitals, as in GET",
  }),
});

const access = v.pipe(
  v.object({
    to: v.object({ service: serviceKeyText, ports: v.optional(someOf(portNumber)) }),
    action: oneOf(["allow", "deny"], ["audit"]),
    from: v.optional(someOf(caller)),
    operations: v.optional(
      someOf(v.object({ methods: v.optional(someOf(methodName)), paths: v.optional(someOf(accessPath)) })),
    ),
  }),
  notes({ later: ["jwt"] }),
);

const gateway = v.object({
  exposure: v.optional(oneOf(["public", "internal", "cluster"])),
  listeners: someOf(
    v.object({
      port: portNumber,
      protocol: oneOf(["http", "https"], ["tls", "tcp", "grpc"]),
      hosts: v.optional(someOf(hostText)),
      tls: v.optional(v.object({ secret: objectNameText })),
    }),
  ),
});

/** The intent as it is written. `Intent` is its type, docs/intent.md its meaning. */
export const intentSchema = v.pipe(
  v.object({
    mtls: v.optional(mtls),
    authorization: v.optional(v.object({ default: v.optional(oneOf(["deny", "allow"])) })),
    services: v.optional(v.record(serviceKeyText, service)),
    routes: v.optional(v.array(routeSchema)),
    access: v.optional(v.array(access)),
    gateways: v.optional(v.record(nameText, gateway)),
  }),
  notes({
    description: "What services, routes and access a mesh is to have, without naming a mesh.",
    later: [
      "jwtProviders",
      "externalAuthorization",
      "egress",
      "telemetry",
      "rollouts",
      "federation",
      "degrade",
      "raw",
    ],
  }),
);

/** An intent as a program or a file writes it. */
export type Intent = v.InferInput<typeof intentSchema>;

/** An intent whose parts have the right form; what they refer to is not yet checked. */
export type ParsedIntent = v.InferOutput<typeof intentSchema>;
