import type { JsonObject } from "../../../lib";

/**
 * App Mesh's resources before they are spelled for the controller or for its API. The specs are those of the API, but
 * for what refers to other resources or is spelled differently: that is made by the spelling handed in.
 */
export interface MeshModel {
  readonly nodes: readonly NodeModel[];
  readonly routers: readonly RouterModel[];
  readonly services: readonly ServiceModel[];
  readonly gateways: readonly GatewayModel[];
}

/** A resource's name in its namespace; App Mesh itself has no namespaces and calls it `name_namespace`. */
export interface Place {
  readonly name: string;
  readonly namespace: string;
}

export interface NodeModel extends Place {
  /** Labels of the pods that run as this node; absent where it only stands for others' endpoints. */
  readonly pods?: { readonly [label: string]: string };
  readonly spec: JsonObject;
}

export interface RouterModel extends Place {
  readonly listeners: readonly JsonObject[];
  /** The first that matches wins. */
  readonly routes: readonly { readonly name: string; readonly spec: JsonObject }[];
}

export interface ServiceModel extends Place {
  /** What callers call it. */
  readonly host: string;
  readonly router: Place;
}

export interface GatewayModel extends Place {
  readonly gateway: string;
  readonly spec: JsonObject;
  /** The first that matches wins. */
  readonly routes: readonly { readonly name: string; readonly spec: JsonObject }[];
}

/** How one form of App Mesh spells what the two forms spell differently. */
export interface Spelling {
  node(place: Place): JsonObject;
  router(place: Place): JsonObject;
  service(service: Pick<ServiceModel, "name" | "namespace" | "host">): JsonObject;
  /** A list of names that a certificate may have. */
  subjects(names: readonly string[]): JsonObject;
  authorities(arns: readonly string[]): JsonObject;
  certificate(arn: string): JsonObject;
  /** The pool of a node's listener. */
  pool(protocol: string, limits: JsonObject): JsonObject;
  /** The key of gRPC's header matches. */
  readonly metadata: string;
}

/** The name under which App Mesh knows a resource. */
export function awsName({ name, namespace }: Place): string {
  return `${name}_${namespace}`;
}
