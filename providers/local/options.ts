import type { Backend } from "../../embedded/cluster";
import type { DataPlane } from "../../embedded/cluster/types";
import { present } from "../../lib";
import type { Section } from "../options";
import { OptionReader } from "../options";

/**
 * `name` of the cluster (default `local`); what it consists of: `kind` (default where Docker and kind are there) or
 * `embedded` (default elsewhere); how the pods of an embedded one run (default: as real as this machine allows).
 */
export interface LocalOptions {
  readonly name: string;
  readonly backend?: Backend;
  readonly dataPlane?: DataPlane;
}

export function readLocalOptions(section: Section): { options: OptionReader; value: LocalOptions } {
  const options = new OptionReader(section, ["name", "backend", "dataPlane"]);
  const backend = options.oneOf<Backend>("backend", ["kind", "embedded"]);
  const dataPlane = options.oneOf<DataPlane>("dataPlane", ["netns", "host"]);
  if (backend === "kind" && dataPlane !== undefined) {
    options.fault(["dataPlane"], {
      code: "conflict",
      message: "pods of a kind cluster run as containers",
      hint: "leave dataPlane out, or write backend: embedded",
    });
  }
  const name = options.string("name") ?? "local";
  return { options, value: { name, ...present({ backend, dataPlane }) } };
}
