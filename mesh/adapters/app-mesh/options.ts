import * as v from "valibot";
import { fail, found, isJsonObject, present, type FieldPath, type Result } from "../../../lib";
import {
  anyOfKinds,
  nameText,
  notes,
  objectNameText,
  oneOf,
  parse,
  serviceKeyText,
  someOf,
  text,
} from "../../schema";
import { said } from "../../schema/said";
import { unacknowledged } from "./ended";

const arnText = text({
  is: (t) => /^arn:[a-z-]+:[a-z-]+:[a-z0-9-]*:\d*:\S+$/.test(t),
  finding: (t) => ({
    code: "bad-arn",
    message: `${JSON.stringify(t)} is not an ARN`,
    hint: "as in arn:aws:acm:eu-west-1:111122223333:certificate/…",
  }),
});

const directoryText = text({
  is: (t) => /^\/[^\s]*[^/\s]$/.test(t) && t.length <= 240,
  finding: (t) => ({
    code: "bad-directory",
    message: `${JSON.stringify(t)} is not the path of a directory`,
    hint: "an absolute path without a slash at its end, as in /certs",
  }),
});

const imageText = text({
  is: (t) => /^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/.test(t),
  finding: (t) => ({ code: "bad-image", message: `${JSON.stringify(t)} is not the name of an image` }),
});

const tlsSchema = v.pipe(
  anyOfKinds("kind", [
    v.object({
      kind: v.literal("file"),
      directory: v.optional(directoryText),
      secret: v.optional(objectNameText),
    }),
    v.object({ kind: v.literal("sds") }),
    v.object({
      kind: v.literal("acm"),
      authorities: someOf(arnText),
      certificates: v.record(serviceKeyText, arnText),
    }),
  ]),
  notes({
    description: "Where proxies have their certificates: files, a discovery service on the node, or ACM.",
  }),
);

const discoverySchema = v.pipe(
  anyOfKinds("kind", [
    v.object({ kind: v.literal("dns"), domain: objectNameText }),
    v.object({ kind: v.literal("cloudMap"), namespace: objectNameText }),
  ]),
  notes({ description: "How workloads outside Kubernetes are found." }),
);

export const optionsSchema = v.object({
  acknowledgeDiscontinued: v.optional(
    v.pipe(v.boolean(), notes({ description: "Compile although App Mesh has ended.", default: false })),
  ),
  meshName: v.optional(v.pipe(nameText, notes({ default: "meshwright" }))),
  platform: v.optional(v.pipe(oneOf(["eks", "ecs", "ec2"]), notes({ default: "eks" }))),
  form: v.optional(oneOf(["controller", "api"])),
  region: v.optional(nameText),
  controllerRole: v.optional(arnText),
  tls: v.optional(tlsSchema),
  discovery: v.optional(discoverySchema),
  calls: v.optional(
    v.pipe(
      v.record(serviceKeyText, v.array(serviceKeyText)),
      notes({ description: "Which services each service calls; one that is not listed may call all." }),
    ),
  ),
  images: v.optional(v.object({ envoy: v.optional(imageText), routeManager: v.optional(imageText) })),
  namespaces: v.optional(v.object({ create: v.optional(v.boolean()) })),
  gateways: v.optional(
    v.object({
      namespace: v.optional(nameText),
      certificates: v.optional(v.record(objectNameText, arnText)),
    }),
  ),
});

const checkedSchema = v.pipe(
  optionsSchema,
  v.forward(
    v.check(
      (o) => o.form !== "controller" || (o.platform ?? "eks") === "eks",
      said({
        code: "misplaced-value",
        message: "the controller works in Kubernetes only",
        hint: "use form: api for ECS and EC2",
      }),
    ),
    ["form"],
  ),
);

type Written = v.InferOutput<typeof optionsSchema>;

export type Tls =
  /** `tls.crt`, `tls.key` and `ca.crt` of each proxy in one directory; `secret` is mounted there for gateways. */
  | { readonly kind: "file"; readonly directory: string; readonly secret?: string }
  /** Secrets called by their SPIFFE ids, from a discovery service beside each proxy, such as SPIRE's. */
  | { readonly kind: "sds" }
  /** Servers prove who they are, clients do not. */
  | {
      readonly kind: "acm";
      readonly authorities: readonly string[];
      readonly certificates: { readonly [service: string]: string };
    };

export type Discovery =
  | { readonly kind: "dns"; readonly domain: string }
  | { readonly kind: "cloudMap"; readonly namespace: string };

/** The options of an App Mesh with their defaults filled in. docs/config.md describes them. */
export interface AppMeshOptions {
  readonly meshName: string;
  /** Where gateways run. */
  readonly platform: "eks" | "ecs" | "ec2";
  /** `controller`: objects that App Mesh's controller turns into its resources; `api`: those resources themselves. */
  readonly form: "controller" | "api";
  readonly region?: string;
  readonly controllerRole?: string;
  readonly tls?: Tls;
  readonly discovery?: Discovery;
  readonly calls: { readonly [service: string]: readonly string[] };
  readonly images: { readonly envoy: string; readonly routeManager: string };
  readonly createNamespaces: boolean;
  readonly gatewayNamespace: string;
  /** Certificates of gateways in ACM, by the name that a listener has for its secret. */
  readonly gatewayCertificates: { readonly [secret: string]: string };
}

/** Reads the options of an App Mesh and reports every fault in them, its end among them. */
export function readOptions(raw: unknown, at: FieldPath): Result<AppMeshOptions> {
  const parsed = parse(checkedSchema, raw ?? {}, at);
  if (!(isJsonObject(raw) && raw["acknowledgeDiscontinued"] === true)) {
    return fail([unacknowledged(at), ...found(parsed)]);
  }
  return parsed.ok ? { ...parsed, value: withDefaults(parsed.value) } : parsed;
}

const ENVOY = "public.ecr.aws/appmesh/aws-appmesh-envoy:v1.29.9.0-prod";
const ROUTE_MANAGER = "public.ecr.aws/appmesh/aws-appmesh-proxy-route-manager:v7-prod";

function withDefaults(written: Written): AppMeshOptions {
  const { meshName = "meshwright", platform = "eks", images = {}, gateways = {} } = written;
  const { region, controllerRole, discovery } = written;
  return {
    meshName,
    platform,
    form: written.form ?? (platform === "eks" ? "controller" : "api"),
    ...present({ region, controllerRole, discovery, tls: written.tls && tlsOf(written.tls) }),
    calls: written.calls ?? {},
    images: { envoy: images.envoy ?? ENVOY, routeManager: images.routeManager ?? ROUTE_MANAGER },
    createNamespaces: written.namespaces?.create ?? true,
    gatewayNamespace: gateways.namespace ?? "appmesh-gateways",
    gatewayCertificates: gateways.certificates ?? {},
  };
}

function tlsOf(written: NonNullable<Written["tls"]>): Tls {
  if (written.kind !== "file") return written;
  const { directory = "/certs", secret } = written;
  return { kind: "file", directory, ...present({ secret }) };
}
