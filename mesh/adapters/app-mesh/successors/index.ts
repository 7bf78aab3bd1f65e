import { infoAt, type Diagnostic, type FieldPath, type JsonObject } from "../../../../lib";
import type { Site } from "../site";
import { latticeObjects } from "./lattice";
import { latticeTable } from "./lattice-table";
import { losses, type Loss } from "./losses";
import { serviceConnect } from "./service-connect";
import { serviceConnectTable } from "./service-connect-table";

export { latticeTable } from "./lattice-table";
export { serviceConnectTable } from "./service-connect-table";

/** Where AWS sends the users of App Mesh: what it takes over of the intent, and what is lost on the way. */
export interface Successor {
  readonly title: string;
  readonly losses: readonly Loss[];
  /** Objects for Kubernetes, or parts of ECS services. */
  readonly carries: JsonObject;
}

/** VPC Lattice for what runs on EKS, Service Connect for what runs on ECS. */
export function successorOf({ intent, options }: Site): Successor {
  if (options.platform === "eks") {
    return {
      title: "VPC Lattice",
      losses: losses(intent, latticeTable),
      carries: { objects: latticeObjects(intent) as readonly JsonObject[] },
    };
  }
  const tasks = { ...intent, services: intent.services.filter((s) => s.workloads === "ecs") };
  return {
    title: "ECS Service Connect",
    losses: losses(intent, serviceConnectTable),
    carries: { services: serviceConnect(tasks, options.meshName) },
  };
}

/** The successor in a line. */
export function successorNote({ title, losses: lost }: Successor, at: FieldPath): Diagnostic {
  const names = [...new Set(lost.map((l) => l.capability))];
  const message =
    names.length === 0
      ? `${title} takes over all of this intent`
      : `${title} takes over this intent but for ${names.join(", ")}`;
  const hint = "the plan's output successor has what it takes over, and each loss with its reason";
  return infoAt(at, { code: "successor", message, hint });
}
