import { createRequire } from "node:module";
import type * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import type { Resolved } from "../refs";

/** An object on its way to a resource: a KubeObject without Refs. */
export interface ObjectArgs {
  readonly apiVersion: string;
  readonly kind: string;
  readonly [field: string]: Resolved | undefined;
}

type ObjectClass = new (
  name: string,
  args: ObjectArgs,
  opts: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

/** API groups that the SDK has classes for, and the folder that holds them. Loaded one group version at a time. */
const folders: { readonly [group: string]: string } = {
  "": "core",
  "admissionregistration.k8s.io": "admissionregistration",
  "apiextensions.k8s.io": "apiextensions",
  "apiregistration.k8s.io": "apiregistration",
  apps: "apps",
  autoscaling: "autoscaling",
  batch: "batch",
  "certificates.k8s.io": "certificates",
  "coordination.k8s.io": "coordination",
  "discovery.k8s.io": "discovery",
  "events.k8s.io": "events",
  "flowcontrol.apiserver.k8s.io": "flowcontrol",
  "networking.k8s.io": "networking",
  "node.k8s.io": "node",
  policy: "policy",
  "rbac.authorization.k8s.io": "rbac",
  "resource.k8s.io": "resource",
  "scheduling.k8s.io": "scheduling",
  "storage.k8s.io": "storage",
  "storagemigration.k8s.io": "storagemigration",
};

const load = createRequire(__filename);

/** Registers an object under its official token, by the SDK's class for its kind or, for any other kind, as a CustomResource. */
export function createObject(
  name: string,
  args: ObjectArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  const known = classOf(args.apiVersion, args.kind);
  if (known === undefined) return new CustomResource(name, args, opts);
  return new known(name, args, { ...opts, transformations: [keepUnknownFields(args)] });
}

function classOf(apiVersion: string, kind: string): ObjectClass | undefined {
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  const folder = folders[group ?? ""];
  if (folder === undefined) return undefined;
  try {
    return (load(`@pulumi/kubernetes/${folder}/${version}`) as { readonly [kind: string]: ObjectClass })[
      kind
    ];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

/** The SDK's classes drop fields they do not know, a typing error among them; it is for the API server to refuse those. */
function keepUnknownFields(args: ObjectArgs): pulumi.ResourceTransformation {
  return ({ props, opts }) => ({ props: { ...args, ...props, status: undefined }, opts });
}
