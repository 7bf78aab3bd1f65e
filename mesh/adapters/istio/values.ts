import { present, type JsonObject } from "../../../lib";
import type { Resources } from "./options";

/** Without the entries that were left out, which the chart fills with its own. */
export function resourceValues({ requests, limits }: Resources): JsonObject {
  return present({ requests: requests && present(requests), limits: limits && present(limits) });
}
