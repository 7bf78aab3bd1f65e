import type { JsonObject } from "../../../lib";
import { awsName, type Spelling } from "./model";

/** As the controller's custom resources have it: references by name and namespace. */
export const controllerSpelling: Spelling = {
  node: ({ name, namespace }) => ({ virtualNodeRef: { name, namespace } }),
  router: ({ name, namespace }) => ({ virtualRouter: { virtualRouterRef: { name, namespace } } }),
  service: ({ name, namespace }) => ({ virtualServiceRef: { name, namespace } }),
  subjects: (names) => ({ exact: names }),
  authorities: (arns) => ({ certificateAuthorityARNs: arns }),
  certificate: (arn) => ({ certificateARN: arn }),
  pool: (protocol, limits) => ({ [protocol]: limits }),
  metadata: "metadata",
};

/** As Pulumi's resources have it: references by App Mesh's own names, lists in the plural. */
export const apiSpelling: Spelling = {
  node: (place) => ({ virtualNode: awsName(place) }),
  router: (place) => ({ virtualRouter: { virtualRouterName: awsName(place) } }),
  service: ({ host }) => ({ virtualServiceName: host }),
  subjects: (names) => ({ exacts: names }),
  authorities: (arns) => ({ certificateAuthorityArns: arns }),
  certificate: (arn) => ({ certificateArn: arn }),
  pool: (protocol, limits) => pluralPool(protocol, limits),
  metadata: "metadatas",
};

function pluralPool(protocol: string, limits: JsonObject): JsonObject {
  return protocol === "grpc" ? { grpc: limits } : { [`${protocol}s`]: [limits] };
}
