import type { DataPlane } from "../../embedded/cluster/types";
import type { Section } from "../options";
import { OptionReader } from "../options";

/** `name` of the embedded cluster (default `local`) and how its pods run (default: as real as this machine allows). */
export interface LocalOptions {
  readonly name: string;
  readonly dataPlane?: DataPlane;
}

export function readLocalOptions(section: Section): { options: OptionReader; value: LocalOptions } {
  const options = new OptionReader(section, ["name", "dataPlane"]);
  const dataPlane = options.oneOf<DataPlane>("dataPlane", ["netns", "host"]);
  const name = options.string("name") ?? "local";
  return { options, value: { name, ...(dataPlane === undefined ? {} : { dataPlane }) } };
}
